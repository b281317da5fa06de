// The steps that a chain may have. A new one is a file beside this and a line here.
#ifndef MUSCLEMAP_IMAGE_STEPS_STEP_HPP_
#define MUSCLEMAP_IMAGE_STEPS_STEP_HPP_

#include <variant>

#include "image/steps/crop_above_zero.hpp"
#include "image/steps/crop_nonzero.hpp"
#include "image/steps/normalise_nnunet.hpp"
#include "image/steps/normalise_z.hpp"
#include "image/steps/reorient.hpp"
#include "image/steps/resample_corner.hpp"
#include "image/steps/resample_half_pixel.hpp"
#include "image/steps/resample_monai.hpp"
#include "image/steps/transpose.hpp"

namespace musclemap::image {

using Step = std::variant<Reorient,           //
                          ResampleMonai,      //
                          ResampleHalfPixel,  //
                          ResampleCorner,     //
                          NormaliseZ,         //
                          NormaliseNnunet,    //
                          CropAboveZero,      //
                          CropNonzero,        //
                          Transpose>;

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_STEP_HPP_
