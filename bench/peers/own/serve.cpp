#include "serve.hpp"

#include <chrono>
#include <iostream>

namespace musclemap::bench {

void serve(const nlohmann::json& about, const std::function<void()>& work,
           const std::function<void()>& before) {
  using Clock = std::chrono::steady_clock;
  std::cout << about.dump() << std::endl;
  int runs = 0;
  while (std::cin >> runs) {
    nlohmann::json seconds = nlohmann::json::array();
    for (int run = 0; run < runs; ++run) {
      if (before) before();
      const Clock::time_point start = Clock::now();
      work();
      seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    }
    std::cout << seconds.dump() << std::endl;
  }
}

}  // namespace musclemap::bench
