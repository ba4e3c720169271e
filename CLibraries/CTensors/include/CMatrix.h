// Products and factors of matrices of floats, for training. The same bits on every processor: each sum runs over k in
// order, in one lane, and nothing is fused.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// c[i][j] += factor · Σk a[i·a_row + k·a_column] · b[k·b_row + j] for i < rows, j < columns.
///
/// With `lower`, only what lies on and below the diagonal of c (j ≤ i) is sure to be computed. No memory is allocated but
/// 400 kB of scratch, which the caller hands in (greenroom_product_scratch bytes, aligned to 32).
void greenroom_matrix_product(size_t rows, size_t columns, size_t inner, float factor, const float *a, size_t a_row,
                              size_t a_column, const float *b, size_t b_row, float *c, size_t c_row, int lower,
                              float *scratch);
size_t greenroom_product_scratch(void);

/// a = l·lᵀ in place, in the lower triangle of a size × size block of rows `stride` apart.
/// Returns 0 where a pivot is not above 0.
int greenroom_cholesky_block(float *a, size_t size, size_t stride);

/// Solves l·x = b in place of b: `size` rows of `columns` numbers, rows `b_stride` apart.
void greenroom_solve_lower(const float *l, size_t size, size_t stride, float *b, size_t columns, size_t b_stride);
/// Solves lᵀ·x = b in place of b.
void greenroom_solve_lower_transposed(const float *l, size_t size, size_t stride, float *b, size_t columns,
                                      size_t b_stride);

/// result[i] += row[i] · factor.
void greenroom_add_scaled(float *result, const float *row, size_t count, float factor);

#ifdef __cplusplus
}
#endif
