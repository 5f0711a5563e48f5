package dev.gramloom.backend.cpu;

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
 * Tests that hold whatever the width of a vector: the build runs them with the machine's own and,
 * each in a Java machine of its own, with 128 and 256 bits. Where vectors are narrower than that
 * they are not run, and reported so.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("vectors")
@ExtendWith(AnyVectorWidth.Condition.class)
public @interface AnyVectorWidth {
  /** Whether this machine has vectors as wide as the build asks for. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      int there = VectorWidth.inForce();
      return VectorWidth.asked() > there
          ? ConditionEvaluationResult.disabled("vectors have %d bits here".formatted(there))
          : ConditionEvaluationResult.enabled("vectors of %d bits".formatted(there));
    }
  }
}
