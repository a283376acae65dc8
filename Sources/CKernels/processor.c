#include "CKernels.h"

int32_t motorpool_processor_features(void) {
#if defined(__x86_64__)
  // The compiler's own test also asks whether the operating system keeps the wide registers.
  __builtin_cpu_init();
  int32_t features = 0;
  if (__builtin_cpu_supports("avx")) features |= 1;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) features |= 2;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512cd"))
    features |= 4;
  if (__builtin_cpu_is("amd")) features |= 8;
  if (__builtin_cpu_is("intel")) features |= 16;
  return features;
#else
  return -1;
#endif
}
