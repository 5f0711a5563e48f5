package dev.gramloom.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import jcuda.jcublas.cublasStatus;
import org.junit.jupiter.api.Test;

class CublasTest {
  @Test
  void memoryThatIsNotThereIsTheDevices() {
    int status = cublasStatus.CUBLAS_STATUS_ALLOC_FAILED;
    Failure refused = assertThrows(Failure.class, () -> Cublas.check("multiply", status));
    assertEquals(ExitCode.OUT_OF_MEMORY, refused.exitCode());
    Cublas.check("multiply", cublasStatus.CUBLAS_STATUS_SUCCESS);
  }
}
