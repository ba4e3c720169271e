#include "CMatrix.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef float lanes __attribute__((vector_size(32), aligned(4)));

#pragma clang diagnostic ignored "-Wpsabi"

enum { TILE_ROWS = 6, TILE_COLUMNS = 16, BLOCK_INNER = 256, BLOCK_ROWS = 96, BLOCK_COLUMNS = 256 };

size_t greenroom_product_scratch(void) {
  return sizeof(float) * ((size_t)BLOCK_ROWS * BLOCK_INNER + (size_t)BLOCK_COLUMNS * BLOCK_INNER);
}

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

static size_t least(size_t one, size_t other) { return one < other ? one : other; }

// Panels of 6 rows, k by k; missing rows are zeros.
static void pack_rows(const float *a, size_t a_row, size_t a_column, size_t rows, size_t inner, float *packed) {
  for (size_t panel = 0; panel < rows; panel += TILE_ROWS)
    for (size_t k = 0; k < inner; k++)
      for (size_t i = 0; i < TILE_ROWS; i++)
        *packed++ = panel + i < rows ? a[(panel + i) * a_row + k * a_column] : 0;
}

static void pack_columns(const float *b, size_t b_row, size_t columns, size_t inner, float *packed) {
  for (size_t panel = 0; panel < columns; panel += TILE_COLUMNS)
    for (size_t k = 0; k < inner; k++)
      for (size_t j = 0; j < TILE_COLUMNS; j++) *packed++ = panel + j < columns ? b[k * b_row + panel + j] : 0;
}

void greenroom_matrix_product(size_t rows, size_t columns, size_t inner, float factor, const float *a, size_t a_row,
                              size_t a_column, const float *b, size_t b_row, float *c, size_t c_row, int lower,
                              float *scratch) {
  float *packed_rows = scratch, *packed_columns = scratch + (size_t)BLOCK_ROWS * BLOCK_INNER;
  for (size_t k = 0; k < inner; k += BLOCK_INNER) {
    const size_t depth = least(BLOCK_INNER, inner - k);
    for (size_t j = 0; j < columns; j += BLOCK_COLUMNS) {
      const size_t width = least(BLOCK_COLUMNS, columns - j);
      pack_columns(b + k * b_row + j, b_row, width, depth, packed_columns);
      for (size_t i = 0; i < rows; i += BLOCK_ROWS) {
        const size_t height = least(BLOCK_ROWS, rows - i);
        if (lower && i + height <= j) continue;
        pack_rows(a + i * a_row + k * a_column, a_row, a_column, height, depth, packed_rows);
        for (size_t jj = 0; jj < width; jj += TILE_COLUMNS)
          for (size_t ii = 0; ii < height; ii += TILE_ROWS) {
            if (lower && i + ii + TILE_ROWS <= j + jj) continue;
            float sums[TILE_ROWS][TILE_COLUMNS];
            tile(depth, packed_rows + ii * depth, packed_columns + jj * depth, sums);
            const size_t tall = least(TILE_ROWS, height - ii), wide = least(TILE_COLUMNS, width - jj);
            for (size_t y = 0; y < tall; y++) {
              float *line = c + (i + ii + y) * c_row + j + jj;
              for (size_t x = 0; x < wide; x++) line[x] += factor * sums[y][x];
            }
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
