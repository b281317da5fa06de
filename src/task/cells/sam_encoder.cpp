#include "task/cells/sam_encoder.hpp"

#include <cstddef>
#include <string>
#include <utility>

#include "io/arrays/array.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {

std::vector<net::Tensor> run_sam_network(infer::Engine& engine, const std::vector<net::Tensor>& inputs,
                                         const std::vector<std::vector<std::int64_t>>& shapes,
                                         const char* name) {
  std::vector<net::Tensor> outputs = engine.run_ports(inputs);
  if (outputs.size() < shapes.size()) {
    throw Error(ErrorCode::model, std::string("the ") + name + " gives " + std::to_string(outputs.size()) +
                                      " outputs; " + std::to_string(shapes.size()) + " are needed");
  }
  outputs.resize(shapes.size());
  for (std::size_t port = 0; port < shapes.size(); ++port) {
    if (outputs[port].shape == shapes[port]) continue;
    throw Error(ErrorCode::model, std::string("the ") + name + " gives shape " +
                                      io::shape_text(outputs[port].shape) + "; " +
                                      io::shape_text(shapes[port]) + " is needed");
  }
  return outputs;
}

net::Tensor encode_picture(infer::Engine& encoder, image::SamPicture picture) {
  const net::Tensor input{{1, 3, image::kSamSize, image::kSamSize}, std::move(picture.values)};
  return std::move(run_sam_network(encoder, {input}, {{1, 256, 64, 64}}, "encoder")[0]);
}

}  // namespace musclemap::task
