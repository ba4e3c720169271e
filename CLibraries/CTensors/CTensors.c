#include "CTensors.h"

#include <math.h>

// A fused multiply-add rounds once where a product and a sum round twice: the same text would get other bits on another
// processor.
#pragma STDC FP_CONTRACT OFF

typedef float lanes __attribute__((vector_size(32)));
typedef int32_t whole_lanes __attribute__((vector_size(32)));
typedef int16_t short_lanes __attribute__((vector_size(16)));

// Vectors are only passed between functions that are inlined, so how they would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

// MARK: Any processor

static void block_any(const int16_t *const *lines, size_t count, size_t inner, const int8_t *panel,
                      int32_t sums[6][GREENROOM_PANEL]) {
  for (size_t i = 0; i < count; i++) {
    int32_t sum[GREENROOM_PANEL] = {0};
    for (size_t k = 0; k < inner; k += 2) {
      const int32_t first = lines[i][k], second = lines[i][k + 1];
      const int8_t *w = panel + k * GREENROOM_PANEL;
      for (size_t n = 0; n < GREENROOM_PANEL; n++) sum[n] += first * w[2 * n] + second * w[2 * n + 1];
    }
    __builtin_memcpy(sums[i], sum, sizeof sum);
  }
}

#define VARIANT(name) name##_any
#include "Lanes.h"
#undef VARIANT

// MARK: x86-64 with AVX2

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

// Two products and their sum in one instruction, on 16-bit numbers: as quick as byte products without VNNI, which need a
// second instruction to widen, and without their overflow.
AVX2 __attribute__((always_inline)) static inline void rows_avx2(const int16_t *const *lines, const int count,
                                                                 size_t inner, const int8_t *panel,
                                                                 int32_t sums[6][GREENROOM_PANEL]) {
  __m256i low[6], high[6];
#pragma unroll
  for (int i = 0; i < count; i++) low[i] = high[i] = _mm256_setzero_si256();
  for (size_t k = 0; k < inner; k += 2) {
    const __m256i w0 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(panel + k * GREENROOM_PANEL)));
    const __m256i w1 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(panel + k * GREENROOM_PANEL + 16)));
#pragma unroll
    for (int i = 0; i < count; i++) {
      int32_t pair;
      __builtin_memcpy(&pair, lines[i] + k, sizeof pair);
      const __m256i a = _mm256_set1_epi32(pair);
      low[i] = _mm256_add_epi32(low[i], _mm256_madd_epi16(a, w0));
      high[i] = _mm256_add_epi32(high[i], _mm256_madd_epi16(a, w1));
    }
  }
#pragma unroll
  for (int i = 0; i < count; i++) {
    _mm256_storeu_si256((__m256i *)sums[i], low[i]);
    _mm256_storeu_si256((__m256i *)(sums[i] + 8), high[i]);
  }
}

AVX2 static void block_avx2(const int16_t *const *lines, size_t count, size_t inner, const int8_t *panel,
                            int32_t sums[6][GREENROOM_PANEL]) {
  switch (count) {
    case 1: rows_avx2(lines, 1, inner, panel, sums); break;
    case 2: rows_avx2(lines, 2, inner, panel, sums); break;
    case 3: rows_avx2(lines, 3, inner, panel, sums); break;
    case 4: rows_avx2(lines, 4, inner, panel, sums); break;
    case 5: rows_avx2(lines, 5, inner, panel, sums); break;
    default: rows_avx2(lines, 6, inner, panel, sums); break;
  }
}

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define VARIANT(name) name##_avx2
#include "Lanes.h"
#undef VARIANT
#pragma clang attribute pop

int greenroom_has_avx2(void) {
  static int known = -1;
  if (known < 0) known = __builtin_cpu_supports("avx2") ? 1 : 0;
  return known;
}

int greenroom_has_vnni(void) {
  return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vl") ? 1 : 0;
}

#define CHOOSE(name, ...) (greenroom_has_avx2() ? name##_avx2(__VA_ARGS__) : name##_any(__VA_ARGS__))

#else

int greenroom_has_avx2(void) { return 0; }
int greenroom_has_vnni(void) { return 0; }

#define CHOOSE(name, ...) name##_any(__VA_ARGS__)

#endif

// MARK: The faces

void greenroom_quantize(const float *values, size_t rows, size_t columns, int16_t *quantised, float *scales) {
  CHOOSE(quantize, values, rows, columns, quantised, scales);
}

void greenroom_quantize_bytes(const float *values, size_t rows, size_t columns, int levels, uint8_t *quantised,
                              float *scales, float *lows) {
  CHOOSE(quantize_bytes, values, rows, columns, levels, quantised, scales, lows);
}

void greenroom_multiply(const int16_t *a, const uint32_t *row_offsets, const float *row_scales, size_t rows,
                        size_t inner, const int8_t *weights, const float *column_scales, const float *bias,
                        size_t outer, enum greenroom_activation activation, const float *residual,
                        size_t residual_stride, float *result, size_t stride) {
  CHOOSE(multiply, a, row_offsets, row_scales, rows, inner, weights, column_scales, bias, outer, activation, residual,
         residual_stride, result, stride);
}

void greenroom_finish_bytes(const int32_t *sums, const float *row_scales, const float *row_lows,
                            const int32_t *column_sums, size_t rows, const float *column_scales, const float *bias,
                            size_t outer, enum greenroom_activation activation, const float *residual,
                            size_t residual_stride, float *result, size_t stride) {
  CHOOSE(finish_bytes, sums, row_scales, row_lows, column_sums, rows, column_scales, bias, outer, activation, residual,
         residual_stride, result, stride);
}

void greenroom_finish_floats(const float *sums, size_t rows, const float *bias, size_t outer,
                             enum greenroom_activation activation, const float *residual, size_t residual_stride,
                             float *result, size_t stride) {
  CHOOSE(finish_floats, sums, rows, bias, outer, activation, residual, residual_stride, result, stride);
}

void greenroom_layer_norm(const float *values, const float *residual, size_t rows, size_t columns, size_t stride,
                          const float *gamma, const float *beta, float epsilon, float *result, size_t result_stride) {
  CHOOSE(layer_norm, values, residual, rows, columns, stride, gamma, beta, epsilon, result, result_stride);
}

void greenroom_gelu(float *values, size_t count) { CHOOSE(gelu, values, count); }
void greenroom_relu(float *values, size_t count) { CHOOSE(relu, values, count); }
void greenroom_tanh(float *values, size_t count) { CHOOSE(tanh, values, count); }
void greenroom_gaussian(float *values, size_t count, float reach, float sharpness) {
  CHOOSE(gaussian, values, count, reach, sharpness);
}

size_t greenroom_attention_scratch(size_t tokens, size_t width, size_t heads) {
  return (width / heads + 4) * ((tokens + 7) / 8 * 8);
}

void greenroom_attention(const float *qkv, size_t tokens, size_t width, size_t heads, float *result, float *scratch) {
  CHOOSE(attention, qkv, tokens, width, heads, result, scratch);
}

void greenroom_add_row(const int8_t *row, float scale, size_t columns, float *result) {
  CHOOSE(add_row, row, scale, columns, result);
}

void greenroom_expand_row(const uint8_t *row, float scale, float low, size_t columns, float *result) {
  CHOOSE(expand_row, row, scale, low, columns, result);
}

void greenroom_sum_rows(const float *values, size_t rows, size_t columns, size_t stride, float *result) {
  CHOOSE(sum_rows, values, rows, columns, stride, result);
}

void greenroom_scale(float *values, size_t count, float factor) { CHOOSE(scale, values, count, factor); }
void greenroom_add(float *values, const float *others, size_t count) { CHOOSE(add, values, others, count); }

int greenroom_normalize(float *values, size_t count) {
  const float squares = CHOOSE(dot, values, values, count);
  if (!(squares > 0) || !(squares < INFINITY)) return 0;
  greenroom_scale(values, count, 1.0f / __builtin_sqrtf(squares));
  return 1;
}

void greenroom_multiply_float(const float *a, size_t rows, size_t inner, const float *weights, size_t outer,
                              float *result) {
  CHOOSE(multiply_float, a, rows, inner, weights, outer, result);
}

void greenroom_unpack(const int8_t *weights, size_t inner, size_t outer, int8_t *rows) {
  for (size_t n = 0; n < outer; n++) {
    const int8_t *panel = weights + n / GREENROOM_PANEL * GREENROOM_PANEL * inner + n % GREENROOM_PANEL * 2;
    for (size_t k = 0; k < inner; k += 2) {
      rows[n * inner + k] = panel[k * GREENROOM_PANEL];
      rows[n * inner + k + 1] = panel[k * GREENROOM_PANEL + 1];
    }
  }
}

void greenroom_row_sums(const int8_t *rows, size_t inner, size_t outer, int32_t *sums) {
  for (size_t n = 0; n < outer; n++) {
    int32_t sum = 0;
    for (size_t k = 0; k < inner; k++) sum += rows[n * inner + k];
    sums[n] = sum;
  }
}
