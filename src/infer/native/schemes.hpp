// One-dimensional transforms of the convolution schemes; convolution.hpp applies them along rows and columns.
//
// With inputs d, taps w and products m = (input transform of d) (weight transform of w) (elementwise), the
// output transform of m is the convolution. Weight transforms are in weights.cpp.
//
//  winograd4, winograd2  F(4,3), F(2,3) of Winograd (Arithmetic Complexity of Computations, 1980) in the form
//  of
//                        Lavin and Gray (arXiv:1509.09308). F(4,3) has the points 0, +-5/8, +-3/2, infinity:
//                        with the usual 0, +-1, +-2 the rounding error is five times larger.
//  down2                 stride 2: the even inputs e meet one tap, the odd ones o two, by F(2,2):
//                        y0 = (o0-o1) w0 + o1 (w0+w2) + e0 w1,  y1 = o1 (w0+w2) - (o1-o2) w2 + e1 w1
//  down4                 stride 2, four outputs: the odd inputs by F(4,2) with the points 0, 1, -1, 1/2,
//  infinity,
//                        v = (o0-o2)/2+o3-o1, o3+(o2-o1)/2, o3+o1/2-3/2 o2, o3-o1, o4+(o1-o3)/2-o2 and
//                        weights 2 w0, w0+w2, (w2-w0)/3, -8/3 w0-4/3 w2, w2; the even ones meet one tap each
//  up2                   transposed, stride 2: even outputs x_j w1, odd outputs x_j w2 + x_{j+1} w0 by
//  F(2,2):
//                        y1 = (x0-x1) w2 + x1 (w0+w2),  y3 = x1 (w0+w2) - (x1-x2) w0
#ifndef MUSCLEMAP_INFER_NATIVE_SCHEMES_HPP_
#define MUSCLEMAP_INFER_NATIVE_SCHEMES_HPP_

namespace musclemap::infer::native {

/// Points of F(4,3).
inline constexpr double kPointA = 5.0 / 8;
inline constexpr double kPointB = 3.0 / 2;

/// kInputs inputs from kFirst on, relative to the tile's first input.
struct Winograd4 {
  static constexpr int kInputs = 6, kFirst = -1, kStep = 4, kFrequencies = 6, kOutputs = 4;

  template <class V>
  static void input(const V (&d)[kInputs], V (&t)[kFrequencies]) {
    constexpr double kAa = kPointA * kPointA;
    constexpr double kBb = kPointB * kPointB;
    const V aa = V::all(kAa);
    const V bb = V::all(kBb);
    const V sum = V::all(kAa + kBb);
    const V product = V::all(kAa * kBb);
    const V even_a = V::nmadd(bb, d[2], d[4]);
    const V odd_a = V::all(kPointA) * V::nmadd(bb, d[1], d[3]);
    const V even_b = V::nmadd(aa, d[2], d[4]);
    const V odd_b = V::all(kPointB) * V::nmadd(aa, d[1], d[3]);
    t[0] = V::madd(product, d[0], V::nmadd(sum, d[2], d[4]));
    t[1] = even_a + odd_a;
    t[2] = even_a - odd_a;
    t[3] = even_b + odd_b;
    t[4] = even_b - odd_b;
    t[5] = V::madd(product, d[1], V::nmadd(sum, d[3], d[5]));
  }

  template <class V>
  static void output(const V (&m)[kFrequencies], V (&y)[kOutputs]) {
    const V plus_a = m[1] + m[2];
    const V minus_a = m[1] - m[2];
    const V plus_b = m[3] + m[4];
    const V minus_b = m[3] - m[4];
    y[0] = m[0] + plus_a + plus_b;
    y[1] = V::madd(V::all(kPointA), minus_a, V::all(kPointB) * minus_b);
    y[2] = V::madd(V::all(kPointA * kPointA), plus_a, V::all(kPointB * kPointB) * plus_b);
    y[3] = V::madd(V::all(kPointA * kPointA * kPointA), minus_a,
                   V::madd(V::all(kPointB * kPointB * kPointB), minus_b, m[5]));
  }
};

struct Winograd2 {
  static constexpr int kInputs = 4, kFirst = -1, kStep = 2, kFrequencies = 4, kOutputs = 2;

  template <class V>
  static void input(const V (&d)[kInputs], V (&t)[kFrequencies]) {
    t[0] = d[0] - d[2];
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[3] - d[1];
  }

  template <class V>
  static void output(const V (&m)[kFrequencies], V (&y)[kOutputs]) {
    y[0] = m[0] + m[1] + m[2];
    y[1] = m[1] - m[2] + m[3];
  }
};

struct Down2 {
  static constexpr int kInputs = 5, kFirst = -1, kStep = 4, kFrequencies = 5, kOutputs = 2;

  template <class V>
  static void input(const V (&d)[kInputs], V (&t)[kFrequencies]) {
    t[0] = d[0] - d[2];
    t[1] = d[2];
    t[2] = d[2] - d[4];
    t[3] = d[1];
    t[4] = d[3];
  }

  template <class V>
  static void output(const V (&m)[kFrequencies], V (&y)[kOutputs]) {
    y[0] = m[0] + m[1] + m[3];
    y[1] = m[1] - m[2] + m[4];
  }
};

struct Down4 {
  static constexpr int kInputs = 9, kFirst = -1, kStep = 8, kFrequencies = 9, kOutputs = 4;

  template <class V>
  static void input(const V (&d)[kInputs], V (&t)[kFrequencies]) {
    const V half = V::all(.5);
    const V fall = d[6] - d[2];
    const V rise = d[4] - d[0];
    t[0] = V::nmadd(half, rise, fall);
    t[1] = V::madd(half, d[4] - d[2], d[6]);
    t[2] = V::madd(half, d[2], V::nmadd(V::all(1.5), d[4], d[6]));
    t[3] = fall;
    t[4] = V::nmadd(half, fall, d[8] - d[4]);
    for (int i = 0; i < 4; ++i) t[5 + i] = d[2 * i + 1];
  }

  template <class V>
  static void output(const V (&m)[kFrequencies], V (&y)[kOutputs]) {
    const V sum = m[1] + m[2];
    const V difference = m[1] - m[2];
    y[0] = m[0] + sum + m[3] + m[5];
    y[1] = V::madd(V::all(.5), m[3], difference + m[6]);
    y[2] = V::madd(V::all(.25), m[3], sum + m[7]);
    y[3] = V::madd(V::all(.125), m[3], difference + m[4] + m[8]);
  }
};

struct Up2 {
  static constexpr int kInputs = 3, kFirst = 0, kStep = 2, kFrequencies = 5, kOutputs = 4;

  template <class V>
  static void input(const V (&d)[kInputs], V (&t)[kFrequencies]) {
    t[0] = d[0] - d[1];
    t[1] = d[1];
    t[2] = d[1] - d[2];
    t[3] = d[0];
    t[4] = d[1];
  }

  template <class V>
  static void output(const V (&m)[kFrequencies], V (&y)[kOutputs]) {
    y[0] = m[3];
    y[1] = m[0] + m[1];
    y[2] = m[4];
    y[3] = m[1] - m[2];
  }
};

struct Pointwise {
  static constexpr int kInputs = 1, kFirst = 0, kStep = 1, kFrequencies = 1, kOutputs = 1;

  template <class V>
  static void input(const V (&d)[kInputs], V (&t)[kFrequencies]) {
    t[0] = d[0];
  }

  template <class V>
  static void output(const V (&m)[kFrequencies], V (&y)[kOutputs]) {
    y[0] = m[0];
  }
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_SCHEMES_HPP_
