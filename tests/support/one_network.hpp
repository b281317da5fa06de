// A single engine as the networks of a task.
#ifndef MUSCLEMAP_TESTS_SUPPORT_ONE_NETWORK_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_ONE_NETWORK_HPP_

#include "task/networks.hpp"

namespace musclemap::test {

/// Every network of the task is `engine`, which must outlive this.
class OneNetwork : public task::Networks {
 public:
  explicit OneNetwork(infer::Engine& engine) : engine_(engine) {}
  std::vector<infer::Engine*> open(const std::vector<task::NetworkRef>& /*together*/,
                                   const RunControl& /*control*/) override {
    return {&engine_};
  }

 private:
  infer::Engine& engine_;
};

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_ONE_NETWORK_HPP_
