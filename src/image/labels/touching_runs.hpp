// What joins runs of neighbouring rows into connected components.
#ifndef MUSCLEMAP_IMAGE_LABELS_TOUCHING_RUNS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_TOUCHING_RUNS_HPP_

#include <cstddef>

namespace musclemap::image {

/// The root of a member of a forest in which `parent(n)` refers to the parent of n, a root's being itself.
/// Halves the way.
template <class Number, class Parent>
Number root_of(Number n, const Parent& parent) {
  while (parent(n) != n) {
    parent(n) = parent(parent(n));
    n = parent(n);
  }
  return n;
}

/// Calls join(a, b) for every pair of runs of one label that overlap along the first axis; the runs [a,
/// a_end) and [b, b_end) of two rows rise.
template <class Run, class Join>
void for_touching_runs(const Run* a, const Run* a_end, const Run* b, const Run* b_end, const Join& join) {
  for (; a != a_end; ++a) {
    while (b != b_end && b->end <= a->begin) ++b;
    for (const Run* each = b; each != b_end && each->begin < a->end; ++each) {
      if (each->label == a->label) join(*a, *each);
    }
  }
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_TOUCHING_RUNS_HPP_
