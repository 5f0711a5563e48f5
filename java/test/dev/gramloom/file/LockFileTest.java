package dev.gramloom.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other processes are KillTest's and ResumeCommandTest's. */
class LockFileTest {
  @TempDir Path folder;

  @Test
  void oneHolderAtATime() {
    Path path = folder.resolve("a.lock");
    try (LockFile held = LockFile.take(path).orElseThrow()) {
      assertTrue(LockFile.take(path).isEmpty());
      assertTrue(LockFile.take(path).isEmpty(), "the refusal took it away");
      assertTrue(Files.exists(path), held::toString);
    }
    LockFile.take(path).orElseThrow().close();
  }

  @Test
  void nothingStaysOfItNorOfTheFoldersMadeForIt() {
    Path path = folder.resolve("b/c/a.lock");
    LockFile.take(path).orElseThrow().close();
    assertFalse(Files.exists(folder.resolve("b")));
  }

  @Test
  void aFolderThatIsUsedStays() throws IOException {
    LockFile lock = LockFile.take(folder.resolve("b/a.lock")).orElseThrow();
    Files.createFile(folder.resolve("b/picture"));
    lock.close();
    assertTrue(Files.exists(folder.resolve("b/picture")));
    assertFalse(Files.exists(folder.resolve("b/a.lock")));
  }

  @Test
  void aFileThatADeadHolderLeftIsTaken() throws IOException {
    Files.createFile(folder.resolve("a.lock"));
    LockFile.take(folder.resolve("a.lock")).orElseThrow().close();
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Files.createSymbolicLink(folder.resolve("a.lock"), folder.resolve("other"));
    Failure refused = assertThrows(Failure.class, () -> LockFile.take(folder.resolve("a.lock")));
    assertEquals(ExitCode.CANNOT_WRITE, refused.exitCode());
    assertFalse(Files.exists(folder.resolve("other")));
  }

  @Test
  void manyThatWantItHaveItOneAfterTheOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      threads.execute(() -> {
        for (int had = 0; had < 50; ) {
          var lock = LockFile.take(folder.resolve("a.lock"));
          if (lock.isPresent()) {
            most.accumulateAndGet(holders.incrementAndGet(), Math::max);
            holders.decrementAndGet();
            lock.get().close();
            had++;
          }
        }
        done.countDown();
      });
    }
    assertTrue(done.await(20, TimeUnit.SECONDS));
    threads.shutdown();
    assertEquals(1, most.get());
  }
}
