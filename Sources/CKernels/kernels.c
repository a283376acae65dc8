#include "CKernels.h"

#include <string.h>

// The thread sanitizer does not bear a choice that is made before it has started.
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define DISPATCHED                                                                                 \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), noinline))
#else
#define DISPATCHED __attribute__((noinline))
#endif

typedef int32_t words __attribute__((vector_size(64), aligned(4)));
typedef _Bool flags __attribute__((ext_vector_type(16)));

DISPATCHED size_t motorpool_cell_maxima(const float *source, size_t count, size_t cell,
                                        float *heights, int32_t *places) {
  const words lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  size_t found = 0;
  for (size_t start = 0; start < count; start += cell) {
    size_t end = count - start < cell ? count : start + cell;
    // Bits of positive numbers are ordered like them, those of negative ones lie below zero.
    int32_t largest = 0;
    size_t place = 0;
    for (size_t i = start; i < end; i += 16) {
      words bits = {0};
      size_t inside = end - i < 16 ? end - i : 16;
      if (count - i >= 16) {
        memcpy(&bits, source + i, sizeof bits);
        bits &= lane < (int32_t)inside;
      } else {
        memcpy(&bits, source + i, inside * sizeof(float));
      }
      int32_t top = __builtin_reduce_max(bits);
      if (top > largest) {
        flags is_top = __builtin_convertvector(bits == top, flags);
        uint16_t mask;
        memcpy(&mask, &is_top, sizeof mask);
        largest = top;
        place = i + (size_t)__builtin_ctz(mask);
      }
    }
    if (largest == 0) continue;
    float height;
    memcpy(&height, &largest, sizeof height);
    if (place > 0 && !(source[place - 1] < height)) continue;
    if (place + 1 < count && !(source[place + 1] <= height)) continue;
    heights[found] = height;
    places[found] = (int32_t)place;
    found++;
  }
  return found;
}
