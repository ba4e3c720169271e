// Products and factors of matrices of floats, for training. The same bits on every processor: each sum runs over k in
// order, in one lane, and nothing is fused.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// c[i][j] += factor · Σk a[i·a_row + k·a_column] · b[k][j] for i < rows, j < columns, k < inner.
///
/// `packed` holds b as greenroom_pack_columns leaves it: from column 0, or from any multiple of 16. At most
/// greenroom_product_rows() rows and greenroom_product_depth() of k at once; longer sums are made by several calls, in
/// order. `scratch` is greenroom_product_scratch() bytes, aligned to 32.
void greenroom_matrix_product(size_t rows, size_t columns, size_t inner, float factor, const float *a, size_t a_row,
                              size_t a_column, const float *packed, float *c, size_t c_row, float *scratch);
size_t greenroom_product_depth(void);
size_t greenroom_product_rows(void);
size_t greenroom_product_scratch(void);

/// Packs b, whose row k begins at b + k·b_row: greenroom_packed_columns(columns) · inner numbers.
void greenroom_pack_columns(const float *b, size_t b_row, size_t columns, size_t inner, float *packed);
size_t greenroom_packed_columns(size_t columns);

/// a = l·lᵀ in place, in the lower triangle of a size × size block of rows `stride` apart.
/// Returns 0 where a pivot is not above 0.
int greenroom_cholesky_block(float *a, size_t size, size_t stride);

/// Solves l·x = b in place of b: `size` rows of `columns` numbers, rows `b_stride` apart.
void greenroom_solve_lower(const float *l, size_t size, size_t stride, float *b, size_t columns, size_t b_stride);
/// Solves lᵀ·x = b in place of b.
void greenroom_solve_lower_transposed(const float *l, size_t size, size_t stride, float *b, size_t columns,
                                      size_t b_stride);

/// result[j] += Σi factors[i] · rows[places[i]·chunk + j], in order of i, for j < chunk = greenroom_rows_chunk().
void greenroom_add_rows(float *result, const float *rows, const uint32_t *places, const float *factors, size_t count);
size_t greenroom_rows_chunk(void);

/// result[i] += row[i] · factor.
void greenroom_add_scaled(float *result, const float *row, size_t count, float factor);

#ifdef __cplusplus
}
#endif
