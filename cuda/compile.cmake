# cmake -DNVCC= -DTARGETS= -DSOURCE= -DFATBIN= -DLOG= -P compile.cmake: warnings are errors, spills too, and what the
# assembler says of each kernel is kept.
execute_process(
  COMMAND ${NVCC} -std=c++17 -O3 --threads 0 --fatbin ${TARGETS} -Werror all-warnings -Xptxas -warn-spills
          --resource-usage -o ${FATBIN}.new ${SOURCE}
  RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
file(WRITE ${LOG} "${said}")
if(NOT result EQUAL 0)
  file(REMOVE ${FATBIN}.new)
  message(FATAL_ERROR "${said}")
endif()
file(RENAME ${FATBIN}.new ${FATBIN})
