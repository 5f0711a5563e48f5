package dev.gramloom.backend.cuda;

import dev.gramloom.failure.Failure;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests that need a CUDA device: a GPU, or the emulated driver, with which the build runs them
 * where it could build it. Without either they are reported as not run.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("gpu")
@ExtendWith(OnCuda.Condition.class)
public @interface OnCuda {
  /** Whether a device opens. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try (CudaBackend cuda = new CudaBackend(0)) {
        return ConditionEvaluationResult.enabled(cuda.description());
      } catch (Failure e) {
        return ConditionEvaluationResult.disabled("not run: no CUDA device: " + e.getMessage());
      }
    }
  }
}
