# Muscle and fat under the labels of an array, by musclemap's C interface. Julia 1.6 or later, no packages.
#
# NOT RUN: the project's tests have no Julia. They compare every ccall's name, types and number of arguments, and
# every struct's fields, with musclemap.h (tests/check/julia_signatures.py). Report what fails beyond that.
#
#   include("MuscleMap.jl")            # MUSCLEMAP_LIBRARY names libmusclemap.so.1 where the loader finds none
#   image = MuscleMap.Volume(array, affine)
#   labels = MuscleMap.Volume(label_array, affine)
#   table = MuscleMap.measure(image, labels; method = :gmm)
#   table.fat_percent                  # a NamedTuple of columns, which Tables.jl takes as it is
module MuscleMap

export Volume, MuscleMapError, measure

const library = get(ENV, "MUSCLEMAP_LIBRARY", "libmusclemap.so.1")
const ABI_VERSION = 1

const OK = Int32(0)
const VOLUME_READ_ONLY = UInt32(1)
const METHOD_KMEANS = Int32(1)
const METHOD_GMM = Int32(2)
const VALUES_INTENSITY = Int32(1)
const COLUMN_TEXT = Int32(3)
const DTYPE_U8 = Int32(1)
const DTYPE_I16 = Int32(2)
const DTYPE_U16 = Int32(3)
const DTYPE_I32 = Int32(4)
const DTYPE_F32 = Int32(5)
const DTYPE_F64 = Int32(6)

# ---- Structs of the header, field by field ------------------------------------------------------------------

struct mm_error_info
    struct_size::UInt32
    code::Int32
    reason::Int32
    reserved::Int32
    file::Cstring
    message::Cstring
end

struct mm_volume_desc
    struct_size::UInt32
    dtype::Int32
    flags::UInt32
    reserved::UInt32
    shape::NTuple{3,Int64}
    stride_bytes::NTuple{3,Int64}
    affine::NTuple{16,Float64}
    data::Ptr{Cvoid}
end

struct mm_run_options
    struct_size::UInt32
    threads::Int32
    memory_budget::UInt64
    cancel::Ptr{Cvoid}
    on_progress::Ptr{Cvoid}
    on_warning::Ptr{Cvoid}
    user_data::Ptr{Cvoid}
end

struct mm_tissue_options
    struct_size::UInt32
    method::Int32
    components::Int32
    operators::Int32
    stop::Int32
    no_collapse_guard::Int32
    divide_bones::Int32
    reserved::Int32
    muscle_range::NTuple{2,Float64}
    fat_range::NTuple{2,Float64}
    geometry_tolerance::Float64
end

struct mm_label
    struct_size::UInt32
    value::Int32
    region::Cstring
    anatomy::Cstring
    side::Cstring
    snomed::Cstring
    kind::Cstring
end

struct mm_column
    struct_size::UInt32
    kind::Int32
    name::Cstring
    title::Cstring
    unit::Cstring
    description::Cstring
    decimals::Int32
    basic::Int32
    values::Ptr{Float64}
end

# Types that an argument points to without being looked into.
const mm_nifti_read_options = Cvoid
const mm_nifti_write_options = Cvoid
const mm_measure_options = Cvoid

const no_text = Cstring(C_NULL)

# ---- Errors -------------------------------------------------------------------------------------------------

# What the library refused: its code and reason (MM_E_*, MM_REASON_*), the file it is about ("" for none).
struct MuscleMapError <: Exception
    code::Int32
    reason::Int32
    file::String
    message::String
end

function Base.showerror(io::IO, error::MuscleMapError)
    name = unsafe_string(ccall((:mm_status_name, library), Cstring, (Int32,), error.code))
    print(io, "MuscleMapError (", name, "): ", error.message)
    isempty(error.file) || print(io, ": ", error.file)
end

# The record belongs to the thread; nothing here yields between the call that failed and this one.
function last_error()
    info = Ref(mm_error_info(sizeof(mm_error_info), 0, 0, 0, no_text, no_text))
    status = ccall((:mm_last_error_info, library), Int32, (Ptr{mm_error_info},), info)
    status == OK || return MuscleMapError(status, 0, "", "no record of the error")
    return MuscleMapError(info[].code, info[].reason, unsafe_string(info[].file), unsafe_string(info[].message))
end

need(status::Int32) = status == OK ? nothing : throw(last_error())

version() = unsafe_string(ccall((:mm_version_string, library), Cstring, ()))

function __init__()
    found = ccall((:mm_abi_version, library), UInt32, ())
    found == ABI_VERSION || error("$library has ABI version $found; this module needs $ABI_VERSION")
end

# ---- Volumes ------------------------------------------------------------------------------------------------

dtype_of(::Type{UInt8}) = DTYPE_U8
dtype_of(::Type{Int16}) = DTYPE_I16
dtype_of(::Type{UInt16}) = DTYPE_U16
dtype_of(::Type{Int32}) = DTYPE_I32
dtype_of(::Type{Float32}) = DTYPE_F32
dtype_of(::Type{Float64}) = DTYPE_F64
dtype_of(::Type{T}) where {T} = throw(ArgumentError("voxels of type $T; allowed: UInt8, Int16, UInt16, Int32, Float32, Float64"))

function type_of(dtype::Int32)
    dtype == DTYPE_U8 && return UInt8
    dtype == DTYPE_I16 && return Int16
    dtype == DTYPE_U16 && return UInt16
    dtype == DTYPE_I32 && return Int32
    dtype == DTYPE_F32 && return Float32
    dtype == DTYPE_F64 && return Float64
    throw(ArgumentError("unknown dtype $dtype"))
end

const no_stride = (Int64(0), Int64(0), Int64(0))
const no_affine = ntuple(_ -> 0.0, 16)
empty_desc() = mm_volume_desc(sizeof(mm_volume_desc), 0, 0, 0, no_stride, no_stride, no_affine, C_NULL)

# Voxels that Julia and the library share; index it as any array, from 1. The handle is freed when Julia collects
# the volume, which the library allows from any thread.
mutable struct Volume{T} <: AbstractArray{T,3}
    handle::Ptr{Cvoid}
    desc::mm_volume_desc
    source::Any # the Julia array whose memory is lent; nothing where the memory is the library's

    function Volume{T}(handle::Ptr{Cvoid}, desc::mm_volume_desc, source) where {T}
        return finalizer(release, new{T}(handle, desc, source))
    end
end

function release(volume::Volume)
    ccall((:mm_volume_free, library), Cvoid, (Ptr{Cvoid},), volume.handle)
    volume.handle = C_NULL
    return nothing
end

# The description that the library gives of a handle of its own, as a volume that will free it.
function adopt(handle::Ptr{Cvoid}, source = nothing)
    desc = Ref(empty_desc())
    status = ccall((:mm_volume_describe, library), Int32, (Ptr{Cvoid}, Ptr{mm_volume_desc}), handle, desc)
    if status != OK
        failure = last_error()
        ccall((:mm_volume_free, library), Cvoid, (Ptr{Cvoid},), handle)
        throw(failure)
    end
    return Volume{type_of(desc[].dtype)}(handle, desc[], source)
end

# Lends `array`, any strides, without a copy; `affine` takes voxel (i, j, k, 1), counted from 0, to RAS+
# millimetres. The array must not be resized, nor written while a call of this module reads it.
function Volume(array::StridedArray{T,3}, affine::AbstractMatrix{<:Real}) where {T}
    size(affine) == (4, 4) || throw(ArgumentError("the affine is $(size(affine)), not (4, 4)"))
    rows = ntuple(n -> Float64(affine[(n - 1) ÷ 4 + 1, (n - 1) % 4 + 1]), 16)
    stride_bytes = map(n -> Int64(n * sizeof(T)), strides(array))
    handle = Ref{Ptr{Cvoid}}(C_NULL)
    GC.@preserve array begin
        data = Ptr{Cvoid}(pointer(array))
        desc = Ref(mm_volume_desc(sizeof(mm_volume_desc), dtype_of(T), VOLUME_READ_ONLY, 0, map(Int64, size(array)),
                                  stride_bytes, rows, data))
        need(ccall((:mm_volume_wrap, library), Int32,
                   (Ptr{mm_volume_desc}, Ptr{Cvoid}, Ptr{Cvoid}, Ptr{Ptr{Cvoid}}), desc, C_NULL, C_NULL, handle))
    end
    return adopt(handle[], array)
end

# A NIfTI file of one volume; its voxels stay where the library has read them.
function read_volume(path::AbstractString)
    handle = Ref{Ptr{Cvoid}}(C_NULL)
    need(ccall((:mm_volume_read, library), Int32,
               (Cstring, Ptr{mm_nifti_read_options}, Ptr{mm_run_options}, Ptr{Ptr{Cvoid}}), path, C_NULL, C_NULL, handle))
    return adopt(handle[])
end

# .nii or .nii.gz, whole or not at all.
function write_volume(volume::Volume, path::AbstractString)
    GC.@preserve volume need(ccall((:mm_volume_write, library), Int32,
                                   (Ptr{Cvoid}, Cstring, Ptr{mm_nifti_write_options}, Ptr{mm_run_options}),
                                   volume.handle, path, C_NULL, C_NULL))
end

Base.size(volume::Volume) = map(Int, volume.desc.shape)
Base.strides(volume::Volume{T}) where {T} = map(n -> Int(n ÷ sizeof(T)), volume.desc.stride_bytes)
affine(volume::Volume) = [volume.desc.affine[4 * (row - 1) + column] for row in 1:4, column in 1:4]

function address(volume::Volume{T}, i::Int, j::Int, k::Int) where {T}
    stride = volume.desc.stride_bytes
    return Ptr{T}(volume.desc.data + (i - 1) * stride[1] + (j - 1) * stride[2] + (k - 1) * stride[3])
end

Base.@propagate_inbounds function Base.getindex(volume::Volume{T}, i::Int, j::Int, k::Int) where {T}
    @boundscheck checkbounds(volume, i, j, k)
    return GC.@preserve volume unsafe_load(address(volume, i, j, k))
end

Base.@propagate_inbounds function Base.setindex!(volume::Volume{T}, value, i::Int, j::Int, k::Int) where {T}
    @boundscheck checkbounds(volume, i, j, k)
    volume.desc.flags & VOLUME_READ_ONLY == 0 || throw(ArgumentError("the volume is read-only"))
    GC.@preserve volume unsafe_store!(address(volume, i, j, k), convert(T, value))
    return volume
end

# ---- Measures -----------------------------------------------------------------------------------------------

function make_names(names)
    isempty(names) && return C_NULL
    texts = [String(anatomy) for (_, anatomy) in names]
    handle = Ref{Ptr{Cvoid}}(C_NULL)
    GC.@preserve texts begin
        entries = [mm_label(sizeof(mm_label), Int32(value), no_text, Base.unsafe_convert(Cstring, texts[n]), no_text,
                            no_text, no_text) for (n, (value, _)) in enumerate(names)]
        need(ccall((:mm_labels_create, library), Int32, (Ptr{mm_label}, Int64, Ptr{Ptr{Cvoid}}), entries,
                   length(entries), handle))
    end
    return handle[]
end

function text_at(table::Ptr{Cvoid}, column::Int64, row::Int64)
    text = Ref{Cstring}(no_text)
    need(ccall((:mm_table_text, library), Int32, (Ptr{Cvoid}, Int64, Int64, Ptr{Cstring}), table, column, row, text))
    return unsafe_string(text[])
end

# Columns as a NamedTuple; numbers are Float64 with NaN where nothing can be measured.
function columns_of(table::Ptr{Cvoid})
    rows = Ref{Int64}(0)
    count = Ref{Int64}(0)
    need(ccall((:mm_table_row_count, library), Int32, (Ptr{Cvoid}, Ptr{Int64}), table, rows))
    need(ccall((:mm_table_column_count, library), Int32, (Ptr{Cvoid}, Ptr{Int64}), table, count))
    names = Symbol[]
    columns = Any[]
    for number in Int64(0):(count[] - 1)
        column = Ref(mm_column(sizeof(mm_column), 0, no_text, no_text, no_text, no_text, 0, 0, C_NULL))
        need(ccall((:mm_table_describe_column, library), Int32, (Ptr{Cvoid}, Int64, Ptr{mm_column}), table, number,
                   column))
        push!(names, Symbol(unsafe_string(column[].name)))
        if column[].kind == COLUMN_TEXT
            push!(columns, String[text_at(table, number, row) for row in Int64(0):(rows[] - 1)])
        else
            # Copied: the table is freed before this module returns.
            push!(columns, Float64[unsafe_load(column[].values, row) for row in 1:rows[]])
        end
    end
    return NamedTuple{Tuple(names)}(Tuple(columns))
end

# A row per label. `method`: :gmm or :kmeans (muscle and fat), :average (mean intensity). `components`: 2 or 3.
# `threads`: 0: as many as the process may use. `names`: label value => anatomy.
function measure(image::Volume, labels::Volume; method::Symbol = :gmm, components::Integer = 2,
                 threads::Integer = 0, names = Pair{Int,String}[])
    method in (:gmm, :kmeans, :average) || throw(ArgumentError("method $method; allowed: :gmm, :kmeans, :average"))
    run = Ref(mm_run_options(sizeof(mm_run_options), Int32(threads), 0, C_NULL, C_NULL, C_NULL, C_NULL))
    tissue = Ref{Ptr{Cvoid}}(C_NULL)
    table = Ref{Ptr{Cvoid}}(C_NULL)
    named = make_names(names)
    try
        GC.@preserve image labels begin
            if method === :average
                need(ccall((:mm_measure_mean, library), Int32,
                           (Ptr{Cvoid}, Ptr{Cvoid}, Int32, Ptr{Cvoid}, Ptr{mm_measure_options}, Ptr{mm_run_options},
                            Ptr{Ptr{Cvoid}}, Ptr{Ptr{Cvoid}}),
                           labels.handle, image.handle, VALUES_INTENSITY, named, C_NULL, run, C_NULL, table))
            else
                kind = method === :kmeans ? METHOD_KMEANS : METHOD_GMM
                options = Ref(mm_tissue_options(sizeof(mm_tissue_options), kind, Int32(components), 0, 0, 0,
                                                (0.0, 0.0), (0.0, 0.0), 0.0, 0, 0))
                need(ccall((:mm_tissue_classify, library), Int32,
                           (Ptr{Cvoid}, Ptr{Cvoid}, Ptr{mm_tissue_options}, Ptr{mm_run_options}, Ptr{Ptr{Cvoid}}),
                           image.handle, labels.handle, options, run, tissue))
                need(ccall((:mm_measure, library), Int32,
                           (Ptr{Cvoid}, Ptr{Cvoid}, Ptr{mm_measure_options}, Ptr{mm_run_options}, Ptr{Ptr{Cvoid}},
                            Ptr{Ptr{Cvoid}}), tissue[], named, C_NULL, run, C_NULL, table))
            end
            return columns_of(table[])
        end
    finally
        ccall((:mm_table_free, library), Cvoid, (Ptr{Cvoid},), table[])
        ccall((:mm_tissue_free, library), Cvoid, (Ptr{Cvoid},), tissue[])
        ccall((:mm_labels_free, library), Cvoid, (Ptr{Cvoid},), named)
    end
end

end # module
