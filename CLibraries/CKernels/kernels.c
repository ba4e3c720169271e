#include "kernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

// With KERNELS_PLAIN only the plain loops are compiled, so that the tests can be run against them on any machine.
#if defined(__x86_64__) && !defined(KERNELS_PLAIN)
#define WITH_AVX2
#include <immintrin.h>
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#define AVX2 __attribute__((target("avx2")))
#endif

// MARK: Products

#if defined(WITH_AVX2)
AVX2 static inline int32_t sum_of_lanes(__m256i sums) {
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1));
  return _mm_cvtsi128_si32(four);
}

AVX2 static inline __m256i widened(const int8_t *from) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)from));
}

AVX2 static int32_t dot_i8_avx2(const int8_t *one, const int8_t *other, size_t count) {
  __m256i sums = _mm256_setzero_si256();
  size_t at = 0;
  for (; at + 16 <= count; at += 16)
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(widened(one + at), widened(other + at)));
  int32_t sum = sum_of_lanes(sums);
  for (; at < count; at++) sum += (int32_t)one[at] * other[at];
  return sum;
}

AVX2 static inline int32_t dot_i16_i8_avx2(const int16_t *query, const int8_t *row, size_t count) {
  __m256i first = _mm256_setzero_si256(), second = first;
  size_t at = 0;
  for (; at + 32 <= count; at += 32) {
    first = _mm256_add_epi32(
        first, _mm256_madd_epi16(_mm256_loadu_si256((const __m256i *)(query + at)), widened(row + at)));
    second = _mm256_add_epi32(
        second, _mm256_madd_epi16(_mm256_loadu_si256((const __m256i *)(query + at + 16)), widened(row + at + 16)));
  }
  int32_t sum = sum_of_lanes(_mm256_add_epi32(first, second));
  for (; at < count; at++) sum += (int32_t)query[at] * row[at];
  return sum;
}

AVX2 static inline __m256i loaded(const int16_t *from) { return _mm256_loadu_si256((const __m256i *)from); }

// Sums of two by two sums of lanes, side by side.
AVX2 static inline void store_sums(__m256i one, __m256i other, int32_t *first, int32_t *second) {
  *first = sum_of_lanes(one);
  *second = sum_of_lanes(other);
}

AVX2 static void dots_i16_i8_avx2(
    const int16_t *query, const int8_t *table, size_t stride, size_t count, size_t rows, int32_t *out) {
  size_t row = 0;
  // Two rows at a time, so that the query is read once for both.
  for (; row + 2 <= rows && count % 16 == 0; row += 2) {
    const int8_t *at = table + row * stride;
    // The rows after the next: the processor's own foresight stops at the end of a page.
    for (size_t ahead = 0; ahead < 2 * stride; ahead += 64) __builtin_prefetch(at + 2 * stride + ahead);
    __m256i one = _mm256_setzero_si256(), other = one;
    for (size_t k = 0; k < count; k += 16) {
      const __m256i asked = loaded(query + k);
      one = _mm256_add_epi32(one, _mm256_madd_epi16(asked, widened(at + k)));
      other = _mm256_add_epi32(other, _mm256_madd_epi16(asked, widened(at + stride + k)));
    }
    store_sums(one, other, out + row, out + row + 1);
  }
  for (; row < rows; row++) {
    const int8_t *at = table + row * stride;
    for (size_t ahead = 0; ahead < count; ahead += 64) __builtin_prefetch(at + 2 * stride + ahead);
    out[row] = dot_i16_i8_avx2(query, at, count);
  }
}

// Four queries and two rows at a time: each number is read once for several products.
AVX2 static void dots4_i16_i8_avx2(
    const int16_t *queries, size_t query_stride, const int8_t *table, size_t stride, size_t count, size_t rows,
    int32_t *out, size_t out_stride) {
  size_t row = 0;
  for (; row + 2 <= rows; row += 2) {
    const int8_t *at = table + row * stride;
    __m256i sums[4][2];
#pragma unroll
    for (int q = 0; q < 4; q++) sums[q][0] = sums[q][1] = _mm256_setzero_si256();
    for (size_t k = 0; k < count; k += 16) {
      const __m256i one = widened(at + k), other = widened(at + stride + k);
#pragma unroll
      for (int q = 0; q < 4; q++) {
        const __m256i asked = loaded(queries + q * query_stride + k);
        sums[q][0] = _mm256_add_epi32(sums[q][0], _mm256_madd_epi16(asked, one));
        sums[q][1] = _mm256_add_epi32(sums[q][1], _mm256_madd_epi16(asked, other));
      }
    }
#pragma unroll
    for (int q = 0; q < 4; q++)
      store_sums(sums[q][0], sums[q][1], out + q * out_stride + row, out + q * out_stride + row + 1);
  }
  for (; row < rows; row++)
    for (int q = 0; q < 4; q++)
      out[q * out_stride + row] = dot_i16_i8_avx2(queries + q * query_stride, table + row * stride, count);
}
#endif

static int32_t dot_i16_i8_plain(const int16_t *query, const int8_t *row, size_t count) {
  int32_t sum = 0;
  for (size_t at = 0; at < count; at++) sum += (int32_t)query[at] * row[at];
  return sum;
}

int32_t kernels_dot_i8(const int8_t *one, const int8_t *other, size_t count) {
#if defined(WITH_AVX2)
  if (HAS_AVX2) return dot_i8_avx2(one, other, count);
#endif
  int32_t sum = 0;
  for (size_t at = 0; at < count; at++) sum += (int32_t)one[at] * other[at];
  return sum;
}

int32_t kernels_dot_i16_i8(const int16_t *query, const int8_t *row, size_t count) {
#if defined(WITH_AVX2)
  if (HAS_AVX2) return dot_i16_i8_avx2(query, row, count);
#endif
  return dot_i16_i8_plain(query, row, count);
}

void kernels_dots_i16_i8(
    const int16_t *query, const int8_t *table, size_t stride, size_t count, size_t rows, int32_t *out) {
#if defined(WITH_AVX2)
  if (HAS_AVX2) {
    dots_i16_i8_avx2(query, table, stride, count, rows, out);
    return;
  }
#endif
  for (size_t row = 0; row < rows; row++) out[row] = dot_i16_i8_plain(query, table + row * stride, count);
}

void kernels_dots4_i16_i8(
    const int16_t *queries, size_t query_stride, const int8_t *table, size_t stride, size_t count, size_t rows,
    int32_t *out, size_t out_stride) {
#if defined(WITH_AVX2)
  if (HAS_AVX2 && count % 16 == 0) {
    dots4_i16_i8_avx2(queries, query_stride, table, stride, count, rows, out, out_stride);
    return;
  }
#endif
  for (size_t q = 0; q < 4; q++)
    for (size_t row = 0; row < rows; row++)
      out[q * out_stride + row] = dot_i16_i8_plain(queries + q * query_stride, table + row * stride, count);
}

#if defined(WITH_AVX2)
AVX2 static size_t partial_sums_avx2(const float *one, const float *other, size_t count, float *sums) {
  __m256 eight = _mm256_setzero_ps();
  size_t at = 0;
  for (; at + 8 <= count; at += 8)
    eight = _mm256_add_ps(eight, _mm256_mul_ps(_mm256_loadu_ps(one + at), _mm256_loadu_ps(other + at)));
  _mm256_storeu_ps(sums, eight);
  return at;
}
#endif

static size_t partial_sums(const float *one, const float *other, size_t count, float *sums) {
#if defined(WITH_AVX2)
  if (HAS_AVX2) return partial_sums_avx2(one, other, count, sums);
#endif
  size_t at = 0;
  for (; at + 8 <= count; at += 8)
    for (size_t lane = 0; lane < 8; lane++) {
      float product = one[at + lane] * other[at + lane];
      sums[lane] += product;
    }
  return at;
}

float kernels_dot_f32(const float *one, const float *other, size_t count) {
  float sums[8] = {0};
  size_t at = partial_sums(one, other, count, sums);
  for (size_t lane = 0; at < count; at++, lane++) {
    float product = one[at] * other[at];
    sums[lane] += product;
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

// MARK: Packed numbers

typedef uint32_t Four __attribute__((vector_size(16), aligned(1)));

// `bits` is a constant where these are used, so that each loop becomes straight code.
__attribute__((always_inline)) static inline void unpack(const Four *in, const uint32_t bits, Four *out) {
  const uint32_t mask = bits == 32 ? 0xFFFFFFFFu : (1u << bits) - 1;
#pragma unroll
  for (uint32_t i = 0; i < 32; i++) {
    const uint32_t bit = i * bits, word = bit >> 5, shift = bit & 31;
    Four value = in[word] >> shift;
    if (shift + bits > 32) value |= in[word + 1] << (32 - shift);
    out[i] = value & mask;
  }
}

__attribute__((always_inline)) static inline void unpack_rising(
    const Four *in, const uint32_t bits, uint32_t before, Four *out) {
  const uint32_t mask = bits == 32 ? 0xFFFFFFFFu : (1u << bits) - 1;
  const Four none = {0, 0, 0, 0};
  Four last = {before, before, before, before};
#pragma unroll
  for (uint32_t i = 0; i < 32; i++) {
    const uint32_t bit = i * bits, word = bit >> 5, shift = bit & 31;
    Four value = none;
    if (bits > 0) {
      value = in[word] >> shift;
      if (shift + bits > 32) value |= in[word + 1] << (32 - shift);
      value &= mask;
    }
    value += 1;
    value += __builtin_shufflevector(none, value, 0, 4, 5, 6);
    value += __builtin_shufflevector(none, value, 0, 1, 4, 5);
    value += last;
    out[i] = value;
    last = __builtin_shufflevector(value, value, 3, 3, 3, 3);
  }
}

#define EACH_WIDTH(CASE)                                                                                               \
  CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14) \
  CASE(15) CASE(16) CASE(17) CASE(18) CASE(19) CASE(20) CASE(21) CASE(22) CASE(23) CASE(24) CASE(25) CASE(26)          \
  CASE(27) CASE(28) CASE(29) CASE(30) CASE(31) CASE(32)

void kernels_unpack128(const uint8_t *in, uint32_t bits, uint32_t *out) {
  const Four *from = (const Four *)in;
  switch (bits) {
#define CASE(WIDTH) case WIDTH: unpack(from, WIDTH, (Four *)out); break;
    EACH_WIDTH(CASE)
#undef CASE
    default: memset(out, 0, 128 * sizeof(uint32_t)); break;
  }
}

void kernels_unpack128_rising(const uint8_t *in, uint32_t bits, uint32_t before, uint32_t *out) {
  const Four *from = (const Four *)in;
  switch (bits) {
#define CASE(WIDTH) case WIDTH: unpack_rising(from, WIDTH, before, (Four *)out); break;
    EACH_WIDTH(CASE)
#undef CASE
    default: unpack_rising(from, 0, before, (Four *)out); break;
  }
}

void kernels_pack128(const uint32_t *in, uint32_t bits, uint8_t *out) {
  if (bits == 0 || bits > 32) return;
  memset(out, 0, 16 * (size_t)bits);
  Four *to = (Four *)out;
  const Four *from = (const Four *)in;
  for (uint32_t i = 0; i < 32; i++) {
    const uint32_t bit = i * bits, word = bit >> 5, shift = bit & 31;
    to[word] |= from[i] << shift;
    if (shift + bits > 32) to[word + 1] |= from[i] >> (32 - shift);
  }
}

int kernels_is_rising(const uint32_t *numbers, size_t count, uint32_t limit) {
  if (count == 0) return 1;
  int wrong = numbers[count - 1] >= limit;
  for (size_t at = 1; at < count; at++) wrong |= numbers[at] <= numbers[at - 1];
  return !wrong;
}

// MARK: Scores

static inline int32_t contribution(float frequency, float norm, float weight) {
  return (int32_t)((weight * frequency) / (frequency + norm) + 0.5f);
}

#if defined(WITH_AVX2)
AVX2 static inline __m256i contributions_of_eight(__m256 frequency, __m256 norm, __m256 weight) {
  __m256 share = _mm256_div_ps(_mm256_mul_ps(weight, frequency), _mm256_add_ps(frequency, norm));
  return _mm256_cvttps_epi32(_mm256_add_ps(share, _mm256_set1_ps(0.5f)));
}

AVX2 static size_t contributions_avx2(
    const uint32_t *documents, const uint8_t *frequencies, size_t count, const float *norms, const float *frequency_of,
    float weight, int32_t *out) {
  const __m256 weights = _mm256_set1_ps(weight);
  size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    float norm[8], frequency[8];
    for (size_t lane = 0; lane < 8; lane++) {
      norm[lane] = norms[documents[at + lane]];
      frequency[lane] = frequency_of[frequencies[at + lane]];
    }
    __m256i eight = contributions_of_eight(_mm256_loadu_ps(frequency), _mm256_loadu_ps(norm), weights);
    _mm256_storeu_si256((__m256i *)(out + at), eight);
  }
  return at;
}

AVX2 static void add_window_avx2(
    const uint8_t *frequencies, const float *norms, const float *frequency_of, float weight, int32_t *scores) {
  const __m256 weights = _mm256_set1_ps(weight);
  for (size_t at = 0; at < 256; at += 8) {
    uint64_t codes;
    memcpy(&codes, frequencies + at, 8);
    if (codes == 0) continue;
    __m256 frequency;
    if (codes & 0x8080808080808080u) {
      float exact[8];
      for (size_t lane = 0; lane < 8; lane++) exact[lane] = frequency_of[frequencies[at + lane]];
      frequency = _mm256_loadu_ps(exact);
    } else {
      frequency = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)codes)));
    }
    __m256i eight = contributions_of_eight(frequency, _mm256_loadu_ps(norms + at), weights);
    __m256i *to = (__m256i *)(scores + at);
    _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), eight));
  }
}

AVX2 static size_t add_bounds_avx2(
    const uint8_t *maxima, size_t count, int32_t step, int32_t most, int32_t *bounds) {
  const __m256i steps = _mm256_set1_epi32(step), mosts = _mm256_set1_epi32(most);
  size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    __m256i eight = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(maxima + at)));
    __m256i bound = _mm256_min_epi32(_mm256_mullo_epi32(eight, steps), mosts);
    __m256i *to = (__m256i *)(bounds + at);
    _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), bound));
  }
  return at;
}

AVX2 static uint32_t reaching_avx2(const int32_t *scores, int32_t bar, uint8_t *places) {
  const __m256i below = _mm256_set1_epi32(bar - 1);
  uint32_t found = 0;
  for (uint32_t at = 0; at < 256; at += 8) {
    __m256i over = _mm256_cmpgt_epi32(_mm256_loadu_si256((const __m256i *)(scores + at)), below);
    uint32_t mask = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(over));
    while (mask) {
      places[found++] = (uint8_t)(at + (uint32_t)__builtin_ctz(mask));
      mask &= mask - 1;
    }
  }
  return found;
}
#endif

void kernels_contributions(
    const uint32_t *documents, const uint8_t *frequencies, size_t count, const float *norms, const float *frequency_of,
    float weight, int32_t *out) {
  size_t at = 0;
#if defined(WITH_AVX2)
  if (HAS_AVX2) at = contributions_avx2(documents, frequencies, count, norms, frequency_of, weight, out);
#endif
  for (; at < count; at++) out[at] = contribution(frequency_of[frequencies[at]], norms[documents[at]], weight);
}

void kernels_add_window(
    const uint8_t *frequencies, const float *norms, const float *frequency_of, float weight, int32_t *scores) {
#if defined(WITH_AVX2)
  if (HAS_AVX2) {
    add_window_avx2(frequencies, norms, frequency_of, weight, scores);
    return;
  }
#endif
  for (size_t at = 0; at < 256; at++)
    if (frequencies[at]) scores[at] += contribution(frequency_of[frequencies[at]], norms[at], weight);
}

void kernels_add_bounds(const uint8_t *maxima, size_t count, int32_t step, int32_t most, int32_t *bounds) {
  size_t at = 0;
#if defined(WITH_AVX2)
  if (HAS_AVX2) at = add_bounds_avx2(maxima, count, step, most, bounds);
#endif
  for (; at < count; at++) {
    int32_t bound = maxima[at] * step;
    bounds[at] += bound < most ? bound : most;
  }
}

uint32_t kernels_reaching(const int32_t *scores, int32_t bar, uint8_t *places) {
#if defined(WITH_AVX2)
  if (HAS_AVX2) return reaching_avx2(scores, bar, places);
#endif
  uint32_t found = 0;
  for (uint32_t at = 0; at < 256; at++)
    if (scores[at] >= bar) places[found++] = (uint8_t)at;
  return found;
}

// MARK: Checksum (XXH64, as its specification says)

static const uint64_t P1 = 0x9E3779B185EBCA87u, P2 = 0xC2B2AE3D27D4EB4Fu, P3 = 0x165667B19E3779F9u,
                      P4 = 0x85EBCA77C2B2AE63u, P5 = 0x27D4EB2F165667C5u;

static inline uint64_t rotated(uint64_t value, int by) { return value << by | value >> (64 - by); }

static inline uint64_t word64(const uint8_t *at) {
  uint64_t word;
  memcpy(&word, at, 8);
  return word;
}

static inline uint64_t mixed(uint64_t sum, uint64_t word) { return rotated(sum + word * P2, 31) * P1; }

static inline uint64_t merged(uint64_t hash, uint64_t sum) { return (hash ^ mixed(0, sum)) * P1 + P4; }

uint64_t kernels_checksum(const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  size_t left = count;
  uint64_t hash = P5;
  if (left >= 32) {
    uint64_t a = P1 + P2, b = P2, c = 0, d = 0 - P1;
    for (; left >= 32; left -= 32, at += 32) {
      a = mixed(a, word64(at));
      b = mixed(b, word64(at + 8));
      c = mixed(c, word64(at + 16));
      d = mixed(d, word64(at + 24));
    }
    hash = rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18);
    hash = merged(merged(merged(merged(hash, a), b), c), d);
  }
  hash += count;
  for (; left >= 8; left -= 8, at += 8) hash = rotated(hash ^ mixed(0, word64(at)), 27) * P1 + P4;
  if (left >= 4) {
    uint32_t word;
    memcpy(&word, at, 4);
    hash = rotated(hash ^ word * P1, 23) * P2 + P3;
    at += 4;
    left -= 4;
  }
  for (; left > 0; left--, at++) hash = rotated(hash ^ *at * P5, 11) * P1;
  hash = (hash ^ hash >> 33) * P2;
  hash = (hash ^ hash >> 29) * P3;
  return hash ^ hash >> 32;
}
