// The contestant's side of the rounds that bench/peers/run.py drives; contestant.py is the other side.
#ifndef MUSCLEMAP_BENCH_PEERS_SERVE_HPP_
#define MUSCLEMAP_BENCH_PEERS_SERVE_HPP_

#include <functional>
#include <nlohmann/json.hpp>

namespace musclemap::bench {

/// Prints `about` as one line of JSON. Then, for every line of standard input that holds a number, times that
/// many calls of `work`, each after a call of `before` that does not count, and prints the seconds as a list.
/// Returns when the input ends.
void serve(const nlohmann::json& about, const std::function<void()>& work,
           const std::function<void()>& before = {});

}  // namespace musclemap::bench

#endif  // MUSCLEMAP_BENCH_PEERS_SERVE_HPP_
