package dev.reprise.engine.local.model.weights;

import dev.reprise.runtime.FileFaults;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A memory-mapped safetensors file whose header has been checked: every tensor's bytes lie inside the file, fit its
 * shape and type, and overlap no other's.
 *
 * <p>The format: eight bytes little-endian header length, the header (a JSON object: name → dtype, shape, data_offsets
 * relative to the header's end), then the data. Immutable; any thread may read until the arena is closed.
 */
public final class SafetensorsFile {
    private static final String DOWNLOAD_AGAIN = "download the file again";
    private static final long MAX_HEADER_BYTES = 100L << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path path;
    private final MemorySegment bytes;
    private final Map<String, WeightTensor> tensors;

    private SafetensorsFile(Path path, MemorySegment bytes, Map<String, WeightTensor> tensors) {
        this.path = path;
        this.bytes = bytes;
        this.tensors = tensors;
    }

    /**
     * Maps and checks {@code path}.
     *
     * @param arena the mapping ends when it is closed
     * @throws ModelLoadException when the file is missing, unreadable, truncated or malformed
     */
    public static SafetensorsFile open(Path path, Arena arena) throws ModelLoadException {
        MemorySegment bytes = map(path, arena);
        return new SafetensorsFile(path, bytes, new HeaderReader(path, bytes).read());
    }

    private static MemorySegment map(Path path, Arena arena) throws ModelLoadException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new ModelLoadException(path, "the file does not exist", "give a folder with model.safetensors", e);
        } catch (IOException e) {
            throw new ModelLoadException(path, FileFaults.describe(e), "check its permissions", e);
        }
    }

    /** The file's path. */
    public Path path() {
        return path;
    }

    /** Names of all tensors, in the file's order. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** The tensor of that name, if the file has it. */
    public Optional<WeightTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /**
     * The tensor of that name and shape.
     *
     * @param rows 1 for a vector
     * @throws ModelLoadException when it is missing or shaped otherwise
     */
    public WeightTensor require(String name, int rows, int columns) throws ModelLoadException {
        WeightTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelLoadException(
                    path,
                    "tensor " + name + " is missing",
                    "use a complete checkpoint whose config.json belongs to it");
        }
        if (tensor.rows() != rows || tensor.columns() != columns) {
            throw new ModelLoadException(
                    path,
                    "tensor %s has shape [%d, %d] where config.json means [%d, %d]"
                            .formatted(name, tensor.rows(), tensor.columns(), rows, columns),
                    "use the config.json that belongs to these weights");
        }
        return tensor;
    }

    /** Feeds the whole file to {@code digest}. */
    public void updateDigest(MessageDigest digest) {
        long step = 1L << 26;
        for (long at = 0; at < bytes.byteSize(); at += step) {
            digest.update(
                    bytes.asSlice(at, Math.min(step, bytes.byteSize() - at)).asByteBuffer());
        }
    }

    /** Reads and checks the header. */
    private static final class HeaderReader {
        private final Path path;
        private final MemorySegment bytes;

        HeaderReader(Path path, MemorySegment bytes) {
            this.path = path;
            this.bytes = bytes;
        }

        Map<String, WeightTensor> read() throws ModelLoadException {
            long headerBytes = headerLength();
            MemorySegment data = bytes.asSlice(8 + headerBytes);
            JsonNode header = parse(bytes.asSlice(8, headerBytes));
            Map<String, WeightTensor> tensors = new LinkedHashMap<>();
            List<Extent> extents = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : header.properties()) {
                if (!entry.getKey().equals("__metadata__")) {
                    Extent extent = extent(entry.getKey(), entry.getValue(), data.byteSize());
                    extents.add(extent);
                    tensors.put(entry.getKey(), tensor(extent, entry.getValue(), data));
                }
            }
            checkOverlaps(extents);
            return tensors;
        }

        private long headerLength() throws ModelLoadException {
            if (bytes.byteSize() < 8) {
                throw broken("it has %d bytes, too few for a header".formatted(bytes.byteSize()));
            }
            long length = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
            if (length < 2 || length > MAX_HEADER_BYTES || length > bytes.byteSize() - 8) {
                throw broken("header length %d does not fit the file's %d bytes".formatted(length, bytes.byteSize()));
            }
            return length;
        }

        private JsonNode parse(MemorySegment header) throws ModelLoadException {
            String text = new String(header.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            try {
                JsonNode node = JSON.readTree(text);
                if (!node.isObject()) {
                    throw broken("the header is not a JSON object");
                }
                return node;
            } catch (JacksonException e) {
                throw new ModelLoadException(
                        path, "the header is not JSON: " + e.getOriginalMessage(), DOWNLOAD_AGAIN, e);
            }
        }

        private Extent extent(String name, JsonNode entry, long dataBytes) throws ModelLoadException {
            JsonNode offsets = entry.path("data_offsets");
            if (!offsets.isArray()
                    || offsets.size() != 2
                    || !offsets.get(0).canConvertToLong()
                    || !offsets.get(1).canConvertToLong()) {
                throw broken("tensor %s: data_offsets is %s".formatted(name, offsets));
            }
            Extent extent =
                    new Extent(name, offsets.get(0).longValue(), offsets.get(1).longValue());
            if (extent.begin < 0 || extent.end < extent.begin) {
                throw broken("tensor %s: data_offsets is %s".formatted(name, offsets));
            }
            if (extent.end > dataBytes) {
                throw broken("truncated: tensor %s ends at byte %d of the data, which has %d"
                        .formatted(name, extent.end, dataBytes));
            }
            return extent;
        }

        private WeightTensor tensor(Extent extent, JsonNode entry, MemorySegment data) throws ModelLoadException {
            String dtype = entry.path("dtype").asString("");
            ElementType type = ElementType.named(dtype)
                    .orElseThrow(() -> new ModelLoadException(
                            path,
                            "tensor %s: dtype %s is not supported".formatted(extent.name, dtype),
                            "use weights in F32, F16 or BF16"));
            long[] shape = shape(extent.name, entry.path("shape"));
            long rows = shape.length == 2 ? shape[0] : 1;
            long columns = shape[shape.length - 1];
            long size = extent.end - extent.begin;
            // No overflow: both dimensions are ints, so the product is below 2⁶².
            if (size % type.bytes() != 0 || rows * columns != size / type.bytes()) {
                throw broken("tensor %s: shape %s of %s does not make the %d bytes that data_offsets span"
                        .formatted(extent.name, entry.path("shape"), type, size));
            }
            MemorySegment slice = data.asSlice(extent.begin, size);
            return new WeightTensor(extent.name, type, (int) rows, (int) columns, slice);
        }

        private long[] shape(String name, JsonNode node) throws ModelLoadException {
            if (!node.isArray() || node.isEmpty() || node.size() > 2) {
                throw broken("tensor %s: shape is %s, expected one or two dimensions".formatted(name, node));
            }
            long[] shape = new long[node.size()];
            for (int i = 0; i < shape.length; i++) {
                JsonNode dimension = node.get(i);
                if (!dimension.canConvertToInt() || dimension.intValue() < 1) {
                    throw broken("tensor %s: shape is %s".formatted(name, node));
                }
                shape[i] = dimension.intValue();
            }
            return shape;
        }

        private void checkOverlaps(List<Extent> extents) throws ModelLoadException {
            extents.sort(Comparator.comparingLong(Extent::begin));
            for (int i = 1; i < extents.size(); i++) {
                if (extents.get(i).begin < extents.get(i - 1).end) {
                    throw broken("tensors %s and %s overlap".formatted(extents.get(i - 1).name, extents.get(i).name));
                }
            }
        }

        private ModelLoadException broken(String problem) {
            return new ModelLoadException(path, problem, DOWNLOAD_AGAIN);
        }

        private record Extent(String name, long begin, long end) {}
    }
}
