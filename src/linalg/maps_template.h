/* The maps of maps.h for one vector length.  Included once for each by maps.c, with

     NAME(x)   the function's name
     TARGET    the function attribute that allows the instructions

   exp(x) = 2^k (1 + p) with k the integer nearest to x / ln 2 and p = exp(r) - 1 by Taylor's
   series, |r| <= ln(2) / 2; so exp(x) - 1 = 2^k p + (2^k - 1) keeps its digits near 0.
   log(1 + u) = 2 artanh(u / (2 + u)), by the series of artanh.  Both series end where what is
   left is below half of the last digit.  Errors are a few units of the last digit.

   Muller, Elementary Functions, 3rd edition, 2016, chapter 11 (Cody and Waite's reduction).  */

#ifndef GRADUS_LINALG_MAPS_CONSTANTS
#define GRADUS_LINALG_MAPS_CONSTANTS
/* ln 2 in two parts, the first with 32 bits, so that its product with k is exact.  */
static const double LN2_HIGH = 0x1.62e42feep-1, LN2_LOW = 0x1.a39ef35793c76p-33;
static const double PER_LN2 = 0x1.71547652b82fep+0;
/* Adding this leaves the nearest integer in the last bits.  */
static const double ROUNDER = 0x1.8p52;
/* 2^k is normal for arguments between these; beyond, all that is asked of exp is to be very
   large or very small.  */
static const double MOST = 709.0, LEAST = -708.0;
enum { BIAS = 1023, FRACTION_BITS = 52 };
#endif

/* exp(x) = power (1 + rest).  */
INLINE double NAME(power_and_rest)(double x, double *rest) {
    x = x > MOST ? MOST : x;
    x = x < LEAST ? LEAST : x;
    double shifted = x * PER_LN2 + ROUNDER, k = shifted - ROUNDER;
    double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    double sum = 1.0 / 6227020800.0; /* 1/13! */
    sum = sum * r + 1.0 / 479001600.0;
    sum = sum * r + 1.0 / 39916800.0;
    sum = sum * r + 1.0 / 3628800.0;
    sum = sum * r + 1.0 / 362880.0;
    sum = sum * r + 1.0 / 40320.0;
    sum = sum * r + 1.0 / 5040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 1.0 / 2.0;
    *rest = r + sum * (r * r);
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + BIAS) << FRACTION_BITS;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

INLINE double NAME(exponential)(double x) {
    double rest, power = NAME(power_and_rest)(x, &rest);
    return power + power * rest;
}

/* log(1 + u) for u in [0, 1].  */
INLINE double NAME(log_of_one_and)(double u) {
    double s = u / (2.0 + u), q = s * s, sum = 1.0 / 31.0;
    sum = sum * q + 1.0 / 29.0;
    sum = sum * q + 1.0 / 27.0;
    sum = sum * q + 1.0 / 25.0;
    sum = sum * q + 1.0 / 23.0;
    sum = sum * q + 1.0 / 21.0;
    sum = sum * q + 1.0 / 19.0;
    sum = sum * q + 1.0 / 17.0;
    sum = sum * q + 1.0 / 15.0;
    sum = sum * q + 1.0 / 13.0;
    sum = sum * q + 1.0 / 11.0;
    sum = sum * q + 1.0 / 9.0;
    sum = sum * q + 1.0 / 7.0;
    sum = sum * q + 1.0 / 5.0;
    sum = sum * q + 1.0 / 3.0;
    return 2.0 * (s + s * (sum * q));
}

TARGET static void NAME(sigmoid)(size_t n, const double shift[], double z[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        z[i] = 1.0 / (1.0 + NAME(exponential)(-(z[i] + shift[i])));
}

/* tanh z = e / (e + 2), e = exp(2 z) - 1.  */
TARGET static void NAME(tanh)(size_t n, const double shift[], double z[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double rest, power = NAME(power_and_rest)(2.0 * (z[i] + shift[i]), &rest);
        double e = power * rest + (power - 1.0);
        z[i] = e / (e + 2.0);
    }
}

TARGET static void NAME(relu)(size_t n, const double shift[], double z[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double shifted = z[i] + shift[i];
        z[i] = shifted < 0.0 ? 0.0 : shifted;
    }
}

TARGET static void NAME(sigmoid_slope)(size_t n, const double y[], double d[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        d[i] *= y[i] * (1.0 - y[i]);
}

TARGET static void NAME(tanh_slope)(size_t n, const double y[], double d[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        d[i] *= 1.0 - y[i] * y[i];
}

/* 0 at 0, where the derivative jumps.  */
TARGET static void NAME(relu_slope)(size_t n, const double y[], double d[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        d[i] *= y[i] > 0.0 ? 1.0 : 0.0;
}

/* -t log p - (1 - t) log(1 - p) = max(z, 0) - t z + log(1 + exp(-|z|)).  */
TARGET static double NAME(bernoulli)(size_t n, const double t[], double z[]) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        double size = z[i] < 0.0 ? -z[i] : z[i], e = NAME(exponential)(-size);
        total += (z[i] < 0.0 ? 0.0 : z[i]) - t[i] * z[i] + NAME(log_of_one_and)(e);
        z[i] = (z[i] < 0.0 ? e : 1.0) / (1.0 + e);
    }
    return total;
}
