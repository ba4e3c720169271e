// Matrix products of oneDNN behind a C face. No C++ exception leaves it.
//
// A matrix that has been made is immutable: any number of threads may multiply with it at the same time. Each product runs
// on the calling thread alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct greenroom_dnnl_matrix greenroom_dnnl_matrix;

/// A copy, in the order that oneDNN likes, of `outputs` rows of `inputs` weights. NULL where oneDNN or memory fails.
greenroom_dnnl_matrix *greenroom_dnnl_bytes_new(const int8_t *weights, size_t inputs, size_t outputs);
greenroom_dnnl_matrix *greenroom_dnnl_floats_new(const float *weights, size_t inputs, size_t outputs);
void greenroom_dnnl_free(greenroom_dnnl_matrix *matrix);

/// result[r][n] = Σk a[r][k]·w[n][k]. 1, or 0 where oneDNN fails.
///
/// Without the byte-product instructions (VNNI) oneDNN adds pairs of products in 16 bits, which saturate: then no `a` may
/// be over 127.
int greenroom_dnnl_bytes_multiply(greenroom_dnnl_matrix *matrix, const uint8_t *a, size_t rows, int32_t *result);
int greenroom_dnnl_floats_multiply(greenroom_dnnl_matrix *matrix, const float *a, size_t rows, float *result);

#ifdef __cplusplus
}
#endif
