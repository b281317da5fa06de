# Kernels of the native engine, of sums of volumes, of the class samplers and of mixtures: a file for each instruction set, chosen at run time. Other machines have the portable ones.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(musclemap_x86_kernels ON)
else()
  set(musclemap_x86_kernels OFF)
  list(FILTER core_sources EXCLUDE REGEX "(native/|class_|half_|mixture_|volume_)kernels_(avx2|avx512|amx)\\.cpp$")
endif()

function(musclemap_kernel_flags target)
  if(NOT musclemap_x86_kernels)
    return()
  endif()
  target_compile_definitions(${target} PRIVATE MUSCLEMAP_X86_KERNELS)
  set_property(SOURCE infer/native/kernels_avx2.cpp APPEND PROPERTY COMPILE_OPTIONS -mavx2 -mfma)
  set_property(SOURCE infer/native/kernels_avx512.cpp APPEND PROPERTY COMPILE_OPTIONS -mavx2 -mfma -mavx512f -mavx512dq
                                                                     -mavx512vl -mavx512bw)
  set_property(SOURCE infer/native/kernels_amx.cpp APPEND PROPERTY COMPILE_OPTIONS -mavx2 -mfma -mavx512f -mavx512dq -mavx512vl
                                                                  -mavx512bw -mavx512bf16 -mamx-tile -mamx-bf16)
  set_property(SOURCE decode/class_kernels_avx2.cpp quant/cluster/mixture_kernels_avx2.cpp APPEND
               PROPERTY COMPILE_OPTIONS -mavx2)
  set_property(SOURCE infer/volume_kernels_avx2.cpp decode/half_kernels_avx2.cpp APPEND PROPERTY COMPILE_OPTIONS -mavx2 -mf16c)
  set_property(SOURCE infer/volume_kernels_avx512.cpp decode/half_kernels_avx512.cpp APPEND
               PROPERTY COMPILE_OPTIONS -mavx2 -mf16c -mavx512f -mavx512dq -mavx512vl -mavx512bw -mprefer-vector-width=512)
  set_property(SOURCE decode/class_kernels_avx512.cpp quant/cluster/mixture_kernels_avx512.cpp APPEND
               PROPERTY COMPILE_OPTIONS -mavx512f -mavx512dq -mavx512vl -mprefer-vector-width=512)
endfunction()
