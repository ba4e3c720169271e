// What a sentence encoder spends its time on, written for one thread and short texts.
//
// Every function gives the same bits on every processor: products of whole numbers are exact, sums of floating-point
// numbers run in eight lanes in a fixed order whatever the width of the registers, nothing is fused, and exp, erf and tanh
// are computed here and not by the C library. What a row holds never depends on the rows beside it.
//
// No pointer is kept. Sizes are in elements. Buffers need no alignment.
#pragma once

#include "CMatrix.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Columns of a packed matrix that lie side by side; a matrix has a multiple of this many.
#define GREENROOM_PANEL 16

/// The largest absolute value of a quantised activation. With weights of at most 127, 1,536 products of it stay below
/// 2^31: 8191 * 127 * 2048 < 2^31.
#define GREENROOM_ACTIVATION_LIMIT 8191
#define GREENROOM_INNER_LIMIT 2048

enum greenroom_activation { GREENROOM_LINEAR = 0, GREENROOM_RELU = 1 };

/// One scale a row: values[i] ≈ quantised[i] * scales[row].
void greenroom_quantize(const float *values, size_t rows, size_t columns, int16_t *quantised, float *scales);

/// The same with unsigned bytes and a lowest value: values[i] ≈ quantised[i] * scales[row] + lows[row].
void greenroom_quantize_bytes(const float *values, size_t rows, size_t columns, int levels, uint8_t *quantised,
                              float *scales, float *lows);

/// result[r][n] = activation(Σk a[r][k]·w[n][k] · row_scales[r]·column_scales[n] + bias[n]) + residual[r][n]
///
/// Row r of `a` starts at element row_offsets[r], or r·inner where that is NULL. `weights` are packed: panels of 16
/// columns, in each the pairs of k in order, for each pair the 16 columns' two bytes. `inner` is even and at most
/// GREENROOM_INNER_LIMIT, `outer` a multiple of 16. `bias` and `residual` may be NULL; rows of `residual` and `result`
/// are `stride` apart.
void greenroom_multiply(const int16_t *a, const uint32_t *row_offsets, const float *row_scales, size_t rows,
                        size_t inner, const int8_t *weights, const float *column_scales, const float *bias,
                        size_t outer, enum greenroom_activation activation, const float *residual,
                        size_t residual_stride, float *result, size_t stride);

/// What greenroom_multiply does after the sums, for sums that come from elsewhere, of bytes with a lowest value:
/// value = sums[r][n]·row_scales[r]·column_scales[n] + row_lows[r]·column_sums[n]·column_scales[n] + bias[n].
void greenroom_finish_bytes(const int32_t *sums, const float *row_scales, const float *row_lows,
                            const int32_t *column_sums, size_t rows, const float *column_scales, const float *bias,
                            size_t outer, enum greenroom_activation activation, const float *residual,
                            size_t residual_stride, float *result, size_t stride);

/// The same for sums in floating point: value = sums[r][n] + bias[n].
void greenroom_finish_floats(const float *sums, size_t rows, const float *bias, size_t outer,
                             enum greenroom_activation activation, const float *residual, size_t residual_stride,
                             float *result, size_t stride);

/// result = LayerNorm(values + residual)·gamma + beta over rows of `columns` (a multiple of 8); `residual` may be NULL,
/// `result` may be `values` where the strides are the same.
void greenroom_layer_norm(const float *values, const float *residual, size_t rows, size_t columns, size_t stride,
                          const float *gamma, const float *beta, float epsilon, float *result, size_t result_stride);

/// x·Φ(x) in place, with the error function (not the tanh form).
void greenroom_gelu(float *values, size_t count);

/// max(x, 0) in place.
void greenroom_relu(float *values, size_t count);

void greenroom_tanh(float *values, size_t count);
/// values[i] = e^(sharpness·(values[i]·reach − 1))
void greenroom_gaussian(float *values, size_t count, float reach, float sharpness);

/// Softmax(q·kᵀ/√d)·v for each head. Rows of `qkv` are 3·width long: queries, keys, values, each `heads` heads of
/// width/heads (a multiple of 8) numbers. `scratch` holds greenroom_attention_scratch(...) numbers.
void greenroom_attention(const float *qkv, size_t tokens, size_t width, size_t heads, float *result, float *scratch);
size_t greenroom_attention_scratch(size_t tokens, size_t width, size_t heads);

/// result += row·scale, for signed bytes.
void greenroom_add_row(const int8_t *row, float scale, size_t columns, float *result);

/// result = row·scale + low, for unsigned bytes.
void greenroom_expand_row(const uint8_t *row, float scale, float low, size_t columns, float *result);

/// The sum of the rows, `stride` apart.
void greenroom_sum_rows(const float *values, size_t rows, size_t columns, size_t stride, float *result);

/// values · factor in place.
void greenroom_scale(float *values, size_t count, float factor);

/// values + others in place.
void greenroom_add(float *values, const float *others, size_t count);

/// Brings the vector to length 1 in place; returns 0 and leaves it where its length is 0 or not a number.
int greenroom_normalize(float *values, size_t count);

/// result[r][n] = Σk a[r][k]·w[n][k], in plain floating point, `k` in eight lanes. For what is too small to quantise, and
/// to test the others against.
void greenroom_multiply_float(const float *a, size_t rows, size_t inner, const float *weights, size_t outer,
                              float *result);

/// Packed weights in plain order: `outer` rows of `inner` bytes.
void greenroom_unpack(const int8_t *weights, size_t inner, size_t outer, int8_t *rows);

/// The sum of each of `outer` rows of `inner` bytes.
void greenroom_row_sums(const int8_t *rows, size_t inner, size_t outer, int32_t *sums);

/// 1 where the processor has AVX2, so that whole-number products are quicker than floating-point ones.
int greenroom_has_avx2(void);
/// 1 where it has the byte-product instructions (AVX-512 VNNI or AVX-VNNI) that oneDNN uses.
int greenroom_has_vnni(void);

#ifdef __cplusplus
}
#endif
