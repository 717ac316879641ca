package dev.reprise.engine.local.model.linear;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Makes ONNX Runtime sessions that compute on the calling thread alone and never spin.
 *
 * <p>Our own threads divide the work (see {@link LinearLayer}), so the runtime's pools stay off: how it would cut a
 * product depends on the thread count, and its waiting threads burn the cores they share with others.
 */
final class OnnxSessions {
    private OnnxSessions() {}

    static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "reprise");
    }

    /** A session for {@code product}, which it copies. */
    static OrtSession open(OnnxMatrixProduct product) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.addConfigEntry("session.force_spinning_stop", "1");
            options.setCPUArenaAllocator(false);
            options.setMemoryPatternOptimization(false);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            return environment().createSession(product.model().asByteBuffer(), options);
        }
    }

    /** A tensor over {@code rows × columns} elements of native memory, which must outlive it. */
    static OnnxTensor tensor(MemorySegment memory, OnnxJavaType type, int rows, int columns) throws OrtException {
        long[] shape = {rows, columns};
        java.nio.ByteBuffer bytes = memory.asSlice(0, (long) rows * columns * type.size)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
        return switch (type) {
            case FLOAT -> OnnxTensor.createTensor(environment(), bytes.asFloatBuffer(), shape);
            case INT32 -> OnnxTensor.createTensor(environment(), bytes.asIntBuffer(), shape);
            default -> OnnxTensor.createTensor(environment(), bytes, shape, type);
        };
    }
}
