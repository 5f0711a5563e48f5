package dev.gramloom.cli.farm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A Slurm of one's own: munge, a controller and nodes with a fake GPU each, all on loopback and
 * below one folder, as any user and without systemd. Closing it ends all that was started in it.
 */
final class SlurmCluster implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch");
  private static final int NODE_TIMEOUT = 10; // seconds, after which a node counts as lost
  private static final long PATIENCE = 60; // seconds

  private final Path folder;
  private final int nodes;
  private final List<Integer> ports = new ArrayList<>();
  private final Map<String, Process> daemons = new TreeMap<>();
  private final Thread hook = new Thread(this::endAll, "slurm-cluster");

  private SlurmCluster(Path folder, int nodes) {
    this.folder = folder.toAbsolutePath();
    this.nodes = nodes;
  }

  /** Whether what it needs is installed. */
  static boolean isInstalled() {
    return PROGRAMS.stream().allMatch(program -> Files.isExecutable(Path.of(program)));
  }

  /** Starts nodes n1, n2, … and waits for them. */
  static SlurmCluster start(Path folder, int nodes) throws IOException {
    SlurmCluster cluster = new SlurmCluster(folder, nodes);
    Runtime.getRuntime().addShutdownHook(cluster.hook);
    try {
      cluster.configure();
      cluster.startMunge();
      cluster.startController();
      for (int node = 1; node <= nodes; node++) {
        cluster.startNode(node);
      }
      cluster.await("idle nodes", () -> cluster.idle() == nodes);
      return cluster;
    } catch (IOException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void configure() throws IOException {
    for (String name : List.of("etc", "run", "log", "state", "spool", "dev")) {
      Files.createDirectories(folder.resolve(name));
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    byte[] key = new byte[1024];
    new SecureRandom().nextBytes(key);
    Path keyFile = Files.write(folder.resolve("etc/munge.key"), key);
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    for (int i = 0; i <= nodes; i++) {
      try (ServerSocket socket = new ServerSocket(0)) {
        ports.add(socket.getLocalPort());
      }
    }
    Files.writeString(folder.resolve("etc/slurm.conf"), configuration());
    StringBuilder gpus = new StringBuilder();
    for (int node = 1; node <= nodes; node++) {
      Path gpu = folder.resolve("dev/gpu" + node);
      Files.createSymbolicLink(gpu, Path.of("/dev/null")); // slurmd wants a device
      gpus.append("NodeName=n%d Name=gpu File=%s%n".formatted(node, gpu));
    }
    Files.writeString(folder.resolve("etc/gres.conf"), gpus);
    Files.writeString(folder.resolve("etc/cgroup.conf"), "CgroupAutomount=no\n");
  }

  private String configuration() throws IOException {
    String host = InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
    StringBuilder text =
        new StringBuilder(
            """
            ClusterName=gramloom
            SlurmctldHost=@HOST@(127.0.0.1)
            SlurmctldPort=@PORT@
            SlurmUser=@USER@
            SlurmdUser=@USER@
            AuthType=auth/munge
            # How long a job that goes back into the queue must wait; 5 is the least that Slurm takes.
            AuthInfo=socket=@R@/run/munge.sock,cred_expire=5
            CommunicationParameters=NoCtldInAddrAny,NoInAddrAny,DisableIPv6
            SlurmctldPidFile=@R@/run/slurmctld.pid
            SlurmdPidFile=@R@/run/slurmd-%n.pid
            StateSaveLocation=@R@/state
            SlurmdSpoolDir=@R@/spool/%n
            MpiDefault=none
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            SwitchType=switch/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SchedulerType=sched/backfill
            SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=1
            PriorityType=priority/basic
            GresTypes=gpu
            ReturnToService=0
            SlurmctldTimeout=20
            SlurmdTimeout=@TIMEOUT@
            InactiveLimit=0
            KillWait=5
            MinJobAge=600
            JobRequeue=1
            PreemptType=preempt/partition_prio
            PreemptMode=REQUEUE
            AccountingStorageType=accounting_storage/none
            """
                .replace("@HOST@", host)
                .replace("@PORT@", String.valueOf(ports.get(0)))
                .replace("@USER@", System.getProperty("user.name"))
                .replace("@TIMEOUT@", String.valueOf(NODE_TIMEOUT))
                .replace("@R@", folder.toString()));
    for (int node = 1; node <= nodes; node++) {
      text.append(
          "NodeName=n%d NodeHostname=%s NodeAddr=127.0.0.1 Port=%d CPUs=2 RealMemory=4000 Gres=gpu:1%n"
              .formatted(node, host, ports.get(node)));
    }
    text.append("PartitionName=gpu Nodes=ALL Default=YES PriorityTier=1\n");
    text.append("PartitionName=rush Nodes=ALL PriorityTier=10 PreemptMode=OFF\n");
    return text.toString();
  }

  private Path log(String name) {
    return folder.resolve("log").resolve(name + ".log");
  }

  private void daemon(String name, String... words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
    builder.environment().putAll(environment());
    daemons.put(name, builder.start());
  }

  private void startMunge() throws IOException {
    Path socket = folder.resolve("run/munge.sock");
    daemon(
        "munged",
        "/usr/sbin/munged",
        "--foreground",
        "--force",
        "--key-file=" + folder.resolve("etc/munge.key"),
        "--socket=" + socket,
        "--pid-file=" + folder.resolve("run/munged.pid"),
        "--seed-file=" + folder.resolve("run/munge.seed"),
        "--log-file=" + log("munge"),
        "--num-threads=2");
    await("munge", () -> Files.exists(socket));
  }

  void startController() throws IOException {
    daemon("slurmctld", "/usr/sbin/slurmctld", "-D");
    await("the controller", () -> run("scontrol", "ping").contains(" is UP"));
  }

  private void startNode(int node) throws IOException {
    daemon("n" + node, "/usr/sbin/slurmd", "-D", "-N", "n" + node);
  }

  void stopController() throws InterruptedException {
    Process controller = daemons.get("slurmctld");
    controller.destroy();
    assertTrue(controller.waitFor(PATIENCE, TimeUnit.SECONDS), "slurmctld goes on");
  }

  /** Kills a node's daemon; what it started goes on, as behind a broken cable. */
  void killNode(String node) throws InterruptedException {
    Process daemon = daemons.get(node);
    assertTrue(daemon.isAlive(), node + " is dead already");
    daemon.destroyForcibly().waitFor();
  }

  private long idle() {
    return run("sinfo", "-h", "-N", "-p", "gpu", "-o", "%T").lines().filter("idle"::equals).count();
  }

  /** What programs need to find this Slurm and no other. */
  Map<String, String> environment() {
    return Map.of("SLURM_CONF", folder.resolve("etc/slurm.conf").toString());
  }

  /** Runs one of Slurm's commands; what it says on both streams. */
  String run(String... words) {
    try {
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().putAll(environment());
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said.strip();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(String.join(" ", words), e);
    }
  }

  void await(String what, BooleanSupplier there) {
    await(what, PATIENCE, there);
  }

  void await(String what, long seconds, BooleanSupplier there) {
    long start = System.nanoTime();
    while (!there.getAsBoolean()) {
      if (System.nanoTime() - start > seconds * 1_000_000_000L) {
        throw new AssertionError("no %s within %d s%n%s".formatted(what, seconds, logs()));
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The ends of the daemons' logs. */
  String logs() {
    StringBuilder text = new StringBuilder();
    for (String name : daemons.keySet()) {
      try {
        List<String> lines = Files.readAllLines(log(name), StandardCharsets.ISO_8859_1);
        text.append("--- ").append(name).append('\n');
        lines.stream()
            .skip(Math.max(0, lines.size() - 40))
            .forEach(line -> text.append(line).append('\n'));
      } catch (IOException e) {
        text.append(e).append('\n');
      }
    }
    return text.toString();
  }

  /** All processes that were started for this Slurm, by it or by its jobs. */
  private Stream<ProcessHandle> ours() {
    String mark = "SLURM_CONF=" + folder.resolve("etc/slurm.conf") + "\0";
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> environment(process).contains(mark));
  }

  private static String environment(ProcessHandle process) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ"));
      return new String(bytes, StandardCharsets.ISO_8859_1) + "\0";
    } catch (IOException e) {
      return "";
    }
  }

  private void endAll() {
    for (int i = 0; i < 50 && ours().findAny().isPresent(); i++) {
      ours().forEach(ProcessHandle::destroyForcibly);
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    endAll();
    Runtime.getRuntime().removeShutdownHook(hook);
    for (int node = 1; node <= nodes; node++) {
      folder.resolve("dev/gpu" + node).toFile().delete(); // it leads out of the folder
    }
    assertEquals(List.of(), ours().toList(), "what was started goes on");
  }
}
