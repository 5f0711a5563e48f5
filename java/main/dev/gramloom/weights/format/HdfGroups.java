package dev.gramloom.weights.format;

import io.jhdf.Constants;
import io.jhdf.FractalHeap;
import io.jhdf.GroupSymbolTableNode;
import io.jhdf.LocalHeap;
import io.jhdf.ObjectHeader;
import io.jhdf.SymbolTableEntry;
import io.jhdf.btree.BTreeV1;
import io.jhdf.btree.BTreeV2;
import io.jhdf.btree.record.LinkNameForIndexedGroupRecord;
import io.jhdf.dataset.DatasetReader;
import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.message.AttributeMessage;
import io.jhdf.object.message.DataSpaceMessage;
import io.jhdf.object.message.DataTypeMessage;
import io.jhdf.object.message.LinkInfoMessage;
import io.jhdf.object.message.LinkMessage;
import io.jhdf.object.message.SymbolTableMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything in an HDF5 file by its path. Hard links are followed, each object once; soft and
 * external ones never, as they lead nowhere new or out of the file.
 *
 * <p>jHDF's own groups read their children's headers unasked and fail with the first they do not
 * know; hence we walk, and jHDF reads the structures.
 */
final class HdfGroups {
  private static final int DEEPEST = 16; // levels of groups; Keras nests up to six
  private static final int MOST_OBJECTS = 50_000;
  private static final int LONGEST_PATH = 1000; // characters
  private static final int HEADER_READS = 256; // a header is read in a few pieces
  private static final int TABLE_READS = 3000; // a group of 10,000 links has 1,000 nodes

  private final HdfBytes bytes;
  private final Set<Long> seen = new HashSet<>();
  private final Map<String, ObjectHeader> datasets = new LinkedHashMap<>();
  private final Map<String, List<String>> names = new HashMap<>();

  private record Link(String name, long address) {}

  /**
   * Walks the whole file.
   *
   * @throws RuntimeException jHDF's or ours, if it is broken
   */
  HdfGroups(HdfBytes bytes) {
    this.bytes = bytes;
    walk(bytes.root(), "", 0);
  }

  /** Datasets by path, without a leading slash. */
  Map<String, ObjectHeader> datasets() {
    return datasets;
  }

  /** A group's attribute that lists names, as Keras 1 and 2 write them; empty if there is none. */
  List<String> names(String group, String attribute) {
    return names.getOrDefault(group + "@" + attribute, List.of());
  }

  private void walk(long address, String path, int depth) {
    if (!seen.add(address)) {
      return;
    }
    if (depth > DEEPEST || seen.size() > MOST_OBJECTS || path.length() > LONGEST_PATH) {
      throw new HdfException("its groups hold more, or are nested deeper, than those of a network");
    }
    ObjectHeader header;
    List<Link> links = List.of();
    try {
      bytes.walk(HEADER_READS);
      header = ObjectHeader.readObjectHeader(bytes, address);
      if (!header.hasMessageOfType(DataTypeMessage.class)) {
        links = links(header);
      }
    } catch (HdfException e) {
      if (isUnsupported(e)) {
        return; // an optimizer's state, say; if it is a kernel, the network will miss it
      }
      throw e;
    }
    if (header.hasMessageOfType(DataSpaceMessage.class)) {
      datasets.put(path, header);
      return;
    }
    readNames(path, header);
    for (Link link : links) {
      walk(link.address(), path.isEmpty() ? link.name() : path + "/" + link.name(), depth + 1);
    }
  }

  private static boolean isUnsupported(Throwable error) {
    return error instanceof UnsupportedHdfException
        || error.getCause() != null && isUnsupported(error.getCause());
  }

  private List<Link> links(ObjectHeader group) {
    bytes.walk(TABLE_READS);
    if (group.hasMessageOfType(SymbolTableMessage.class)) {
      return symbols(group.getMessageOfType(SymbolTableMessage.class));
    }
    List<LinkMessage> messages = new ArrayList<>(group.getMessagesOfType(LinkMessage.class));
    if (group.hasMessageOfType(LinkInfoMessage.class)) {
      addDense(group.getMessageOfType(LinkInfoMessage.class), messages);
    }
    List<Link> links = new ArrayList<>();
    for (LinkMessage message : messages) {
      if (message.getLinkType() == LinkMessage.LinkType.HARD) {
        links.add(new Link(message.getLinkName(), message.getHardLinkAddress()));
      }
    }
    return links;
  }

  /** Links of the old kind: a tree of symbol table nodes, and a heap of names. */
  private List<Link> symbols(SymbolTableMessage table) {
    List<Long> nodes = BTreeV1.createGroupBTree(bytes, table.getBTreeAddress()).getChildAddresses();
    ByteBuffer heap = new LocalHeap(bytes, table.getLocalHeapAddress()).getDataBuffer();
    List<Link> links = new ArrayList<>();
    for (long node : nodes) {
      bytes.walk(TABLE_READS);
      for (SymbolTableEntry entry : new GroupSymbolTableNode(bytes, node).getSymbolTableEntries()) {
        if (entry.getCacheType() != 2) { // 2 is a soft link
          links.add(
              new Link(name(heap, entry.getLinkNameOffset()), entry.getObjectHeaderAddress()));
        }
      }
    }
    return links;
  }

  private static String name(ByteBuffer heap, int offset) {
    int end = offset;
    while (heap.get(end) != 0) {
      if (++end - offset > LONGEST_PATH) {
        throw new HdfException("a name without end");
      }
    }
    byte[] name = new byte[end - offset];
    heap.get(offset, name);
    return new String(name, StandardCharsets.UTF_8);
  }

  /** Links of a group with more than a few: in a heap, found through a tree. */
  private void addDense(LinkInfoMessage info, List<LinkMessage> links) {
    if (info.getBTreeNameIndexAddress() == Constants.UNDEFINED_ADDRESS) {
      return;
    }
    BTreeV2<LinkNameForIndexedGroupRecord> tree =
        new BTreeV2<>(bytes, info.getBTreeNameIndexAddress());
    bytes.walk(TABLE_READS);
    FractalHeap heap = new FractalHeap(bytes, info.getFractalHeapAddress());
    for (LinkNameForIndexedGroupRecord entry : tree.getRecords()) {
      bytes.walk(TABLE_READS);
      ByteBuffer link = heap.getId(entry.getId());
      if (link.remaining() > 4 * LONGEST_PATH) {
        throw new HdfException("a name without end");
      }
      links.add(LinkMessage.fromBuffer(link, bytes.getSuperblock()));
    }
  }

  private void readNames(String path, ObjectHeader header) {
    for (AttributeMessage attribute : header.getMessagesOfType(AttributeMessage.class)) {
      boolean listed =
          attribute.getName().equals("layer_names") || attribute.getName().equals("weight_names");
      int[] shape = listed ? attribute.getDataSpace().getDimensions() : new int[0];
      ByteBuffer data = attribute.getDataBuffer();
      if (shape.length == 1 && data != null && attribute.getDataType() instanceof StringData type) {
        String[] list = (String[]) DatasetReader.readDataset(type, data, shape, bytes);
        names.put(path + "@" + attribute.getName(), List.of(list));
      }
    }
  }
}
