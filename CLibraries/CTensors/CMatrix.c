#include "CMatrix.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef float lanes __attribute__((vector_size(32), aligned(4)));

#pragma clang diagnostic ignored "-Wpsabi"

enum { TILE_ROWS = 6, TILE_COLUMNS = 16, BLOCK_INNER = 256, BLOCK_ROWS = 192, CHUNK = 64 };

size_t greenroom_product_depth(void) { return BLOCK_INNER; }
size_t greenroom_product_rows(void) { return BLOCK_ROWS; }
size_t greenroom_product_scratch(void) { return sizeof(float) * (size_t)BLOCK_ROWS * BLOCK_INNER; }
size_t greenroom_packed_columns(size_t columns) { return (columns + TILE_COLUMNS - 1) / TILE_COLUMNS * TILE_COLUMNS; }

#define WITH_VARIANTS(body, suffix, attribute) body(suffix, attribute)

// One tile of c: 6 × 16 sums over `inner`, from packed panels.
#define TILE(suffix, attribute)                                                                              \
  attribute static void tile_##suffix(size_t inner, const float *restrict a, const float *restrict b,        \
                                      float sums[TILE_ROWS][TILE_COLUMNS]) {                                 \
    lanes low[TILE_ROWS] = {0}, high[TILE_ROWS] = {0};                                                       \
    for (size_t k = 0; k < inner; k++) {                                                                     \
      const lanes first = *(const lanes *)(b + k * TILE_COLUMNS);                                            \
      const lanes second = *(const lanes *)(b + k * TILE_COLUMNS + 8);                                       \
      _Pragma("unroll") for (int i = 0; i < TILE_ROWS; i++) {                                                \
        const float value = a[k * TILE_ROWS + i];                                                            \
        const lanes spread = {value, value, value, value, value, value, value, value};                       \
        low[i] += spread * first;                                                                            \
        high[i] += spread * second;                                                                          \
      }                                                                                                      \
    }                                                                                                        \
    for (int i = 0; i < TILE_ROWS; i++) {                                                                    \
      *(lanes *)sums[i] = low[i];                                                                            \
      *(lanes *)(sums[i] + 8) = high[i];                                                                     \
    }                                                                                                        \
  }                                                                                                          \
  attribute static void add_scaled_##suffix(float *restrict result, const float *restrict row, size_t count, \
                                            float factor) {                                                  \
    for (size_t i = 0; i < count; i++) result[i] += row[i] * factor;                                         \
  }                                                                                                          \
  /* Eight registers of sums, which nothing but the last line writes to memory. */                           \
  attribute static void add_rows_##suffix(float *restrict result, const float *restrict rows,                \
                                          const uint32_t *restrict places, const float *restrict factors,    \
                                          size_t count) {                                                    \
    lanes sums[CHUNK / 8];                                                                                   \
    _Pragma("unroll") for (int j = 0; j < CHUNK / 8; j++) sums[j] = *(const lanes *)(result + 8 * j);        \
    for (size_t i = 0; i < count; i++) {                                                                     \
      const float *row = rows + (size_t)places[i] * CHUNK, value = factors[i];                               \
      const lanes spread = {value, value, value, value, value, value, value, value};                         \
      _Pragma("unroll") for (int j = 0; j < CHUNK / 8; j++) sums[j] += *(const lanes *)(row + 8 * j) * spread; \
    }                                                                                                        \
    _Pragma("unroll") for (int j = 0; j < CHUNK / 8; j++) *(lanes *)(result + 8 * j) = sums[j];              \
  }

WITH_VARIANTS(TILE, any, )
#if defined(__x86_64__)
WITH_VARIANTS(TILE, avx2, __attribute__((target("avx2"))))
static int has_avx2(void) { return __builtin_cpu_supports("avx2"); }
#endif

static void tile(size_t inner, const float *a, const float *b, float sums[TILE_ROWS][TILE_COLUMNS]) {
#if defined(__x86_64__)
  if (has_avx2()) {
    tile_avx2(inner, a, b, sums);
    return;
  }
#endif
  tile_any(inner, a, b, sums);
}

void greenroom_add_scaled(float *result, const float *row, size_t count, float factor) {
#if defined(__x86_64__)
  if (has_avx2()) {
    add_scaled_avx2(result, row, count, factor);
    return;
  }
#endif
  add_scaled_any(result, row, count, factor);
}

size_t greenroom_rows_chunk(void) { return CHUNK; }

void greenroom_add_rows(float *result, const float *rows, const uint32_t *places, const float *factors, size_t count) {
#if defined(__x86_64__)
  if (has_avx2()) {
    add_rows_avx2(result, rows, places, factors, count);
    return;
  }
#endif
  add_rows_any(result, rows, places, factors, count);
}

static size_t least(size_t one, size_t other) { return one < other ? one : other; }

// Panels of 6 rows, k by k; missing rows are zeros.
static void pack_rows(const float *a, size_t a_row, size_t a_column, size_t rows, size_t inner, float *packed) {
  for (size_t panel = 0; panel < rows; panel += TILE_ROWS) {
    const float *from = a + panel * a_row;
    if (panel + TILE_ROWS <= rows && a_row == 1) {
      for (size_t k = 0; k < inner; k++, packed += TILE_ROWS)
        memcpy(packed, from + k * a_column, TILE_ROWS * sizeof *packed);
    } else if (panel + TILE_ROWS <= rows) {
      for (size_t k = 0; k < inner; k++)
        for (size_t i = 0; i < TILE_ROWS; i++) *packed++ = from[i * a_row + k * a_column];
    } else {
      for (size_t k = 0; k < inner; k++)
        for (size_t i = 0; i < TILE_ROWS; i++) *packed++ = panel + i < rows ? from[i * a_row + k * a_column] : 0;
    }
  }
}

void greenroom_pack_columns(const float *b, size_t b_row, size_t columns, size_t inner, float *packed) {
  for (size_t panel = 0; panel < columns; panel += TILE_COLUMNS) {
    const size_t wide = least(TILE_COLUMNS, columns - panel);
    if (wide == TILE_COLUMNS) {
      for (size_t k = 0; k < inner; k++, packed += TILE_COLUMNS)
        memcpy(packed, b + k * b_row + panel, TILE_COLUMNS * sizeof *packed);
    } else {
      for (size_t k = 0; k < inner; k++)
        for (size_t j = 0; j < TILE_COLUMNS; j++) *packed++ = j < wide ? b[k * b_row + panel + j] : 0;
    }
  }
}

void greenroom_matrix_product(size_t rows, size_t columns, size_t inner, float factor, const float *a, size_t a_row,
                              size_t a_column, const float *packed, float *c, size_t c_row, float *scratch) {
  pack_rows(a, a_row, a_column, rows, inner, scratch);
  for (size_t j = 0; j < columns; j += TILE_COLUMNS) {
    const size_t wide = least(TILE_COLUMNS, columns - j);
    for (size_t i = 0; i < rows; i += TILE_ROWS) {
      float sums[TILE_ROWS][TILE_COLUMNS];
      tile(inner, scratch + i * inner, packed + j * inner, sums);
      const size_t tall = least(TILE_ROWS, rows - i);
      for (size_t y = 0; y < tall; y++) {
        float *line = c + (i + y) * c_row + j;
        if (wide == TILE_COLUMNS) {
          for (size_t x = 0; x < TILE_COLUMNS; x++) line[x] += factor * sums[y][x];
        } else {
          for (size_t x = 0; x < wide; x++) line[x] += factor * sums[y][x];
        }
      }
    }
  }
}

int greenroom_cholesky_block(float *a, size_t size, size_t stride) {
  for (size_t j = 0; j < size; j++) {
    double pivot = a[j * stride + j];
    for (size_t k = 0; k < j; k++) pivot -= (double)a[j * stride + k] * a[j * stride + k];
    if (!(pivot > 0)) return 0;
    const double root = sqrt(pivot);
    a[j * stride + j] = (float)root;
    for (size_t i = j + 1; i < size; i++) {
      double sum = a[i * stride + j];
      for (size_t k = 0; k < j; k++) sum -= (double)a[i * stride + k] * a[j * stride + k];
      a[i * stride + j] = (float)(sum / root);
    }
  }
  return 1;
}

void greenroom_solve_lower(const float *l, size_t size, size_t stride, float *b, size_t columns, size_t b_stride) {
  for (size_t i = 0; i < size; i++) {
    float *row = b + i * b_stride;
    for (size_t k = 0; k < i; k++) greenroom_add_scaled(row, b + k * b_stride, columns, -l[i * stride + k]);
    const float pivot = l[i * stride + i];
    for (size_t j = 0; j < columns; j++) row[j] /= pivot;
  }
}

void greenroom_solve_lower_transposed(const float *l, size_t size, size_t stride, float *b, size_t columns,
                                      size_t b_stride) {
  for (size_t i = size; i-- > 0;) {
    float *row = b + i * b_stride;
    for (size_t k = i + 1; k < size; k++) greenroom_add_scaled(row, b + k * b_stride, columns, -l[k * stride + i]);
    const float pivot = l[i * stride + i];
    for (size_t j = 0; j < columns; j++) row[j] /= pivot;
  }
}
