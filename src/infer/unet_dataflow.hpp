// A described UNet as the flow of its maps.
#ifndef MUSCLEMAP_INFER_UNET_DATAFLOW_HPP_
#define MUSCLEMAP_INFER_UNET_DATAFLOW_HPP_

#include <string>
#include <vector>

#include "infer/network.hpp"
#include "net/dataflow.hpp"

namespace musclemap::infer {

struct UNetDataflow {
  net::Dataflow flow;
  std::vector<std::string> parameters;  ///< names of flow.tensors, as unet_parameters() lists them
  std::vector<std::string> names;       ///< one a layer, for messages: "model.0.conv.unit0.conv"
};

/// Without the counters of batch norm, which no map depends on. The main path is the first input of a sum.
UNetDataflow unet_dataflow(const UNetSpec& spec);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_UNET_DATAFLOW_HPP_
