package dev.gramloom.backend.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which channels make up which energies, on the device: uploaded once, both ways round. */
final class Groups {
  /**
   * A relation as {@code energy.cu} reads it: row r owns members[starts[r]] … members[starts[r + 1]
   * − 1].
   */
  record Rows(DeviceMemory.Block starts, DeviceMemory.Block members) {}

  /**
   * @param channels of each group
   * @param groups of each channel, ascending
   */
  record Relation(Rows channels, Rows groups) {}

  private final DeviceMemory memory;
  private final Map<List<List<Integer>>, Relation> relations = new HashMap<>();

  Groups(DeviceMemory memory) {
    this.memory = memory;
  }

  /**
   * @param groups [G][members]
   * @param channels how many there are to be members
   */
  Relation of(int[][] groups, int channels) {
    List<List<Integer>> key = new ArrayList<>();
    for (int[] group : groups) {
      key.add(Arrays.stream(group).boxed().toList());
    }
    key.add(List.of(channels));
    return relations.computeIfAbsent(key, k -> relation(groups, channels));
  }

  private Relation relation(int[][] groups, int channels) {
    List<List<Integer>> owners = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      owners.add(new ArrayList<>());
    }
    for (int g = 0; g < groups.length; g++) {
      for (int c : groups[g]) {
        owners.get(c).add(g);
      }
    }
    int[][] turned =
        owners.stream()
            .map(row -> row.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    return new Relation(upload(groups), upload(turned));
  }

  private Rows upload(int[][] rows) {
    int[] starts = new int[rows.length + 1];
    for (int r = 0; r < rows.length; r++) {
      starts[r + 1] = starts[r] + rows[r].length;
    }
    // No row has a member where no group has a channel: the device wants memory all the same.
    int[] members =
        Arrays.copyOf(
            Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray(),
            Math.max(1, starts[rows.length]));
    return new Rows(memory.upload(starts), memory.upload(members));
  }
}
