package dev.reprise.engine.local.model.linear;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.reprise.engine.local.model.libc.CLibrary;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes ONNX Runtime sessions that compute on the calling thread alone and never spin.
 *
 * <p>Our own threads divide the work (see {@link LinearLayer}), so the runtime's pools stay off: how it would cut a
 * product depends on the thread count, and its waiting threads burn the cores they share with others.
 */
final class OnnxSessions {
    private static final String TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";
    private static final OrtEnvironment ENVIRONMENT = start();

    private OnnxSessions() {}

    /**
     * Starts the runtime, the first thing to touch it in a process, with its telemetry off.
     *
     * <p>Version 1.29.0 collects and sends usage data on Linux by default, for which it starts a shell, and dies of
     * SIGSEGV where there is none or where the process's command line is longer than about 3,970 bytes. The one switch
     * that comes early enough is an environment variable.
     */
    private static OrtEnvironment start() {
        // The start script sets it already: the first call of the C library costs a tenth of a second of a start.
        if (!"1".equals(System.getenv(TELEMETRY_SWITCH))) {
            // Windows lacks the function, and has no such telemetry.
            boolean _ = CLibrary.setEnvironmentVariable(TELEMETRY_SWITCH, "1");
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "reprise");
        try {
            environment.setTelemetry(false);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime's telemetry could not be switched off", e);
        }
        return environment;
    }

    static OrtEnvironment environment() {
        return ENVIRONMENT;
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
        ByteBuffer bytes = memory.asSlice(0, (long) rows * columns * type.size)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
        return switch (type) {
            case FLOAT -> OnnxTensor.createTensor(environment(), bytes.asFloatBuffer(), shape);
            case INT32 -> OnnxTensor.createTensor(environment(), bytes.asIntBuffer(), shape);
            default -> OnnxTensor.createTensor(environment(), bytes, shape, type);
        };
    }
}
