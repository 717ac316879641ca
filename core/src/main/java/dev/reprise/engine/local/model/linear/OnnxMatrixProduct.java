package dev.reprise.engine.local.model.linear;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * An ONNX model of one node, {@code y[rows, columns] = x[rows, width] × w[width, columns]}, with w as its initializer.
 *
 * <p>The bytes are protocol buffers (onnx/onnx.proto): a message is a row of fields, each led by the varint
 * {@code number << 3 | wire type}; wire type 0 is a varint, 2 a length and that many bytes. The weights are the one
 * large field, so the messages around them are written first and the caller fills the gap in place.
 */
final class OnnxMatrixProduct {
    /** The name of the input. */
    static final String INPUT = "x";

    /** The name of the output. */
    static final String OUTPUT = "y";

    private static final int IR_VERSION = 8;
    private static final int OPSET_VERSION = 13;
    private static final String WEIGHTS = "w";

    private final MemorySegment model;
    private final MemorySegment weights;

    private OnnxMatrixProduct(MemorySegment model, MemorySegment weights) {
        this.model = model;
        this.weights = weights;
    }

    /** Which operator, by the element types of x, w and y (TensorProto.DataType). */
    enum Operator {
        /** f32 × f32 → f32. */
        FLOAT("MatMul", 1, 1, 1, 4),
        /** u8 × s8 → s32. */
        INT8("MatMulInteger", 2, 3, 6, 1);

        private final String opType;
        private final int inputType;
        private final int weightType;
        private final int outputType;
        private final int weightBytes;

        Operator(String opType, int inputType, int weightType, int outputType, int weightBytes) {
            this.opType = opType;
            this.inputType = inputType;
            this.weightType = weightType;
            this.outputType = outputType;
            this.weightBytes = weightBytes;
        }
    }

    /** A model whose weights are still zero; at most 2 GiB. */
    static OnnxMatrixProduct allocate(Operator operator, int width, int columns, Arena arena) {
        long weightBytes = (long) width * columns * operator.weightBytes;
        Message tensor = new Message()
                .varint(1, width) // TensorProto.dims
                .varint(1, columns)
                .varint(2, operator.weightType) // data_type
                .text(8, WEIGHTS) // name
                .open(9, weightBytes); // raw_data, row-major, little-endian
        Message graph = new Message()
                .message(1, node(operator)) // GraphProto.node
                .text(2, "product") // name
                .message(11, tensorInfo(INPUT, operator.inputType, width)) // input
                .message(12, tensorInfo(OUTPUT, operator.outputType, columns)) // output
                .open(5, tensor.size() + weightBytes); // initializer
        byte[] head = new Message()
                .varint(1, IR_VERSION) // ModelProto.ir_version
                .message(8, new Message().text(1, "").varint(2, OPSET_VERSION)) // opset_import: domain, version
                .open(7, graph.size() + tensor.size() + weightBytes) // graph
                .raw(graph)
                .raw(tensor)
                .toBytes();
        MemorySegment model = arena.allocate(head.length + weightBytes);
        MemorySegment.copy(MemorySegment.ofArray(head), 0, model, 0, head.length);
        return new OnnxMatrixProduct(model, model.asSlice(head.length));
    }

    private static Message node(Operator operator) {
        return new Message()
                .text(1, INPUT) // NodeProto.input
                .text(1, WEIGHTS)
                .text(2, OUTPUT) // output
                .text(4, operator.opType); // op_type
    }

    private static Message tensorInfo(String name, int elementType, int columns) {
        Message shape = new Message()
                .message(1, new Message().text(2, "rows")) // TensorShapeProto.dim: dim_param
                .message(1, new Message().varint(1, columns)); // dim_value
        Message tensorType = new Message().varint(1, elementType).message(2, shape); // TypeProto.Tensor
        return new Message()
                .text(1, name) // ValueInfoProto.name
                .message(2, new Message().message(1, tensorType)); // type: tensor_type
    }

    /** The whole model. */
    MemorySegment model() {
        return model;
    }

    /** The weights inside it, {@code w[width][columns]}: to be filled before the model is used. */
    MemorySegment weights() {
        return weights;
    }

    /** A protocol buffers message being written. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            write(field << 3);
            write(value);
            return this;
        }

        Message text(int field, String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            open(field, utf8.length).out.writeBytes(utf8);
            return this;
        }

        Message message(int field, Message value) {
            return open(field, value.size()).raw(value);
        }

        /** Starts a field of {@code length} bytes that the caller appends. */
        Message open(int field, long length) {
            write((field << 3) | 2);
            write(length);
            return this;
        }

        Message raw(Message value) {
            out.writeBytes(value.toBytes());
            return this;
        }

        long size() {
            return out.size();
        }

        byte[] toBytes() {
            return out.toByteArray();
        }

        private void write(long varint) {
            long rest = varint;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
