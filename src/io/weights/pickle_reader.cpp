// Opcodes after CPython's Lib/pickletools.py, protocol 2; what torch.save emits after torch/serialization.py
// (persistent ids), torch/_tensor.py and torch/nn/parameter.py (__reduce_ex__); what torch.jit.save emits
// after torch/csrc/jit/serialization/pickler.cpp.
#include "io/weights/pickle_reader.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

// A file of 1000 tensors takes about 50000 operations. Those that are walked over take no memory.
constexpr std::size_t kMostOperations = std::size_t{1} << 20;
constexpr std::size_t kMostMarks = 64;
constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestGlobal = 256;
constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kMostWords = std::size_t{1} << 18;

constexpr const char* kRebuildTensor = "torch._utils._rebuild_tensor_v2";
constexpr const char* kRebuildParameter = "torch._utils._rebuild_parameter";
constexpr const char* kOrderedDict = "collections.OrderedDict";
// Typed lists and dictionaries of TorchScript: their first argument.
constexpr std::string_view kTypedLists[] = {
    "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist",
    "torch.jit._pickle.build_boollist", "torch.jit._pickle.build_tensorlist"};
constexpr std::string_view kTypeTag = "torch.jit._pickle.restore_type_tag";
constexpr std::string_view kOwnClasses = "__torch__.";
// What trainers' counters, logs and devices are pickled with.
constexpr std::string_view kPlainFunctions[] = {"numpy.core.multiarray.scalar",
                                                "numpy._core.multiarray.scalar",
                                                "numpy.dtype",
                                                "numpy.core.multiarray._reconstruct",
                                                "numpy.ndarray",
                                                "numpy._core.multiarray._reconstruct",
                                                "_codecs.encode",
                                                "torch.device",
                                                "torch.Size",
                                                "__builtin__.bytes",
                                                "__builtin__.set"};

[[noreturn]] void refuse_pickle(Reason reason, const std::string& message) {
  throw Error(reason == Reason::unsupported ? ErrorCode::unsupported : ErrorCode::format, reason,
              "data.pkl " + message);
}

bool is_storage_type(std::string_view name) {
  constexpr std::string_view kPrefix = "torch.";
  constexpr std::string_view kSuffix = "Storage";
  if (name.size() <= kPrefix.size() + kSuffix.size() || name.substr(0, kPrefix.size()) != kPrefix ||
      name.substr(name.size() - kSuffix.size()) != kSuffix) {
    return false;
  }
  const std::string_view middle = name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
  return std::all_of(middle.begin(), middle.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

bool is_typed_list(std::string_view name) {
  return std::find(std::begin(kTypedLists), std::end(kTypedLists), name) != std::end(kTypedLists);
}

bool is_plain_function(std::string_view name) {
  return std::find(std::begin(kPlainFunctions), std::end(kPlainFunctions), name) != std::end(kPlainFunctions);
}

bool is_own_class(std::string_view name) { return name.substr(0, kOwnClasses.size()) == kOwnClasses; }

class Reader {
 public:
  Reader(std::string_view bytes, Pickled pickled, std::vector<std::string> kept = {})
      : bytes_(bytes), pickled_(pickled), kept_(std::move(kept)) {
    if (pickled_ == Pickled::checkpoint) tree_.nodes.push_back({PickleKind::plain, 0, 0, {}, {}});
  }

  /// All bytes are the pickle.
  PickleTree run() {
    PickleTree tree = first();
    if (at_ != bytes_.size()) refuse_pickle(Reason::corrupt, "has data after its end");
    return tree;
  }

  PickleTree first() {
    if (byte() != 0x80) refuse_pickle(Reason::corrupt, "does not begin as a pickle");
    const unsigned protocol = byte();
    if (protocol != 2) {
      refuse_pickle(Reason::unsupported, "is written in pickle protocol " + std::to_string(protocol) +
                                             "; torch.save's default, 2, is read");
    }
    for (std::size_t count = 0;; count += skipping_ ? 0 : 1) {
      if (count == kMostOperations) refuse_pickle(Reason::limit, "has more than 1048576 operations");
      const std::uint8_t opcode = byte();
      if (opcode == '.') break;
      step(opcode);
    }
    if (stack_.size() != 1 || !marks_.empty()) refuse_pickle(Reason::corrupt, "does not end with one object");
    tree_.root = stack_.back();
    return std::move(tree_);
  }

  std::size_t taken() const { return at_; }  ///< bytes, behind first()

 private:
  std::uint8_t byte() {
    if (at_ == bytes_.size()) refuse_pickle(Reason::truncated, "is cut short");
    return static_cast<std::uint8_t>(bytes_[at_++]);
  }

  std::uint64_t little(std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= static_cast<std::uint64_t>(byte()) << (8 * i);
    return value;
  }

  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - at_) refuse_pickle(Reason::truncated, "is cut short");
    const std::string_view taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }

  std::string_view line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) refuse_pickle(Reason::truncated, "is cut short");
    if (end - at_ > kLongestGlobal) refuse_pickle(Reason::limit, "has a name of more than 256 bytes");
    const std::string_view taken = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return taken;
  }

  std::uint32_t add(PickleKind kind, std::int64_t integer = 0, std::string text = {},
                    std::vector<std::uint32_t> items = {}) {
    if (skipping_) return kPlain;
    tree_.nodes.push_back({kind, integer, 0, std::move(text), std::move(items)});
    return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
  }

  void push(std::uint32_t node) { stack_.push_back(node); }
  void push(PickleKind kind, std::int64_t integer = 0, std::string text = {}) {
    push(add(kind, integer, std::move(text)));
  }

  std::uint32_t pop() {
    if (stack_.size() <= floor()) refuse_pickle(Reason::corrupt, "takes an object that is not there");
    const std::uint32_t top = stack_.back();
    stack_.pop_back();
    return top;
  }
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  std::vector<std::uint32_t> pop_to_mark() {
    if (marks_.empty()) refuse_pickle(Reason::corrupt, "takes a mark that is not there");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<std::uint32_t> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    if (marks_.size() < kMarksOfValue) skipping_ = false;
    return items;
  }

  /// A mark; where it is the first one inside of a value of the root dictionary whose name is not kept, what
  /// follows up to its end is walked over.
  void mark() {
    if (marks_.size() == kMostMarks) refuse_pickle(Reason::limit, "is nested more than 64 deep");
    marks_.push_back(stack_.size());
    if (pickled_ != Pickled::checkpoint || marks_.size() != kMarksOfValue) return;
    // root, mark, name, value, name, value so far, mark
    const std::size_t above = marks_[1] - marks_[0];
    if (marks_[0] != 1 || above < 2 || above % 2 != 0) return;
    const PickleNode& value = tree_.nodes[stack_.back()];
    const PickleNode& name = tree_.nodes[stack_[stack_.size() - 2]];
    skipping_ = (value.kind == PickleKind::list || value.kind == PickleKind::dict) &&
                name.kind == PickleKind::text &&
                std::find(kept_.begin(), kept_.end(), name.text) == kept_.end();
  }

  void push_tuple(std::size_t size) {
    std::vector<std::uint32_t> items(size);
    for (std::size_t i = size; i-- > 0;) items[i] = pop();
    push(add(PickleKind::tuple, 0, {}, std::move(items)));
  }

  bool on_plain() const {
    return stack_.size() > floor() && tree_.nodes[stack_.back()].kind == PickleKind::plain;
  }

  /// The container on top of the stack, which stays there.
  PickleNode& top(PickleKind kind) {
    if (stack_.size() <= floor() || tree_.nodes[stack_.back()].kind != kind) {
      refuse_pickle(Reason::corrupt, std::string("adds to an object that is no ") + pickle_kind_name(kind));
    }
    return tree_.nodes[stack_.back()];
  }

  /// `walked`: the items were walked over, so that none is kept.
  void append(PickleKind kind, const std::vector<std::uint32_t>& items, bool walked) {
    if (kind == PickleKind::dict && items.size() % 2 != 0)
      refuse_pickle(Reason::corrupt, "has a key without a value");
    if (on_plain()) return;
    PickleNode& container = top(kind);
    if (walked) return;
    container.items.insert(container.items.end(), items.begin(), items.end());
  }

  void remember(std::uint64_t slot) {
    if (stack_.size() <= floor()) refuse_pickle(Reason::corrupt, "remembers an object that is not there");
    // Slots are numbered one after the other, so that none is beyond the number of bytes.
    if (slot >= bytes_.size()) refuse_pickle(Reason::corrupt, "remembers more objects than it has");
    if (slot >= memo_.size()) memo_.resize(slot + 1, kNoNode);
    memo_[slot] = stack_.back();
  }
  void recall(std::uint64_t slot) {
    if (slot >= memo_.size() || memo_[slot] == kNoNode) {
      refuse_pickle(Reason::corrupt, "recalls an object that was never remembered");
    }
    push(memo_[slot]);
  }

  void global() {
    const std::string_view module = line();
    const std::string_view name = line();
    std::string full = std::string(module) + "." + std::string(name);
    const bool of_module =
        pickled_ == Pickled::module && (is_own_class(full) || is_typed_list(full) || full == kTypeTag);
    const bool of_checkpoint = pickled_ == Pickled::checkpoint && is_plain_function(full);
    if (full != kRebuildTensor && full != kRebuildParameter && full != kOrderedDict &&
        !is_storage_type(full) && !of_module && !of_checkpoint) {
      refuse_pickle(Reason::unsupported, "refers to " + base::printable(full, 120) + foreign());
    }
    push(kept_word(PickleKind::global, std::move(full)));
  }

  const char* foreign() const {
    switch (pickled_) {
      case Pickled::module:
        return ", which is not part of a network";
      case Pickled::checkpoint:
        return ", which is not part of a checkpoint";
      default:
        return ", which is not part of a weights file; save model.state_dict() alone";
    }
  }

  /// Names of functions and short texts stay, once each, where all else is walked over: what is kept may
  /// recall them from there.
  std::uint32_t kept_word(PickleKind kind, std::string word) {
    if (!skipping_) return add(kind, 0, std::move(word));
    const auto known = words_.find({kind, word});
    if (known != words_.end()) return known->second;
    if (words_.size() == kMostWords) return kPlain;
    tree_.nodes.push_back({kind, 0, 0, word, {}});
    const auto node = static_cast<std::uint32_t>(tree_.nodes.size() - 1);
    words_.emplace(std::pair(kind, std::move(word)), node);
    return node;
  }

  void text() {
    const std::uint64_t size = little(4);
    if (pickled_ == Pickled::checkpoint && (size > kLongestText || (skipping_ && size > kLongestWord))) {
      take(size);
      return push(kPlain);
    }
    if (skipping_) {
      const std::string_view word = take(size);
      const bool readable =
          std::all_of(word.begin(), word.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
      return push(readable ? kept_word(PickleKind::text, std::string(word)) : kPlain);
    }
    if (size > kLongestText)
      refuse_pickle(Reason::limit, "has a text of " + std::to_string(size) + " bytes; at most 4096 are read");
    push(PickleKind::text, 0, std::string(take(size)));
  }

  /// Big-endian, unlike everything else.
  void real() {
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = (bits << 8) | byte();
    const std::uint32_t node = add(PickleKind::real);
    if (!skipping_) std::memcpy(&tree_.nodes[node].real, &bits, sizeof(bits));
    push(node);
  }

  void long_integer() {
    const std::size_t size = byte();
    if (size > 8) refuse_pickle(Reason::limit, "has a number of more than 64 bits");
    const std::uint64_t raw = little(size);
    const bool negative = size > 0 && size < 8 && ((raw >> (8 * size - 1)) & 1) != 0;
    push(PickleKind::integer,
         static_cast<std::int64_t>(negative ? raw | (~std::uint64_t{0} << (8 * size)) : raw));
  }

  /// ("storage", type, key, location, elements), before PyTorch 1.6 with what it is a view of behind them.
  /// The location, "cpu" or "cuda:0", does not matter here.
  void persistent() {
    const PickleNode& record = tree_.nodes[pop()];
    if (skipping_ && record.kind == PickleKind::plain) return push(kPlain);
    const std::size_t items = record.items.size();
    const bool whole = items == 6 && tree_.nodes[record.items[5]].kind == PickleKind::none;
    if (record.kind != PickleKind::tuple || (items != 5 && !whole)) {
      refuse_pickle(Reason::corrupt, "has an odd storage record");
    }
    const PickleNode id = record;
    const auto item = [&](std::size_t i) -> const PickleNode& { return tree_.nodes[id.items[i]]; };
    if (item(0).kind != PickleKind::text || item(0).text != "storage" || item(1).kind != PickleKind::global ||
        !is_storage_type(item(1).text) || item(2).kind != PickleKind::text ||
        item(3).kind != PickleKind::text || item(4).kind != PickleKind::integer || item(4).integer < 0 ||
        item(2).text.size() > kLongestKey) {
      refuse_pickle(Reason::corrupt, "has an odd storage record");
    }
    push(add(PickleKind::storage, item(4).integer, std::string(item(2).text), {id.items[1]}));
  }

  void reduce() {
    const PickleNode arguments = tree_.nodes[pop()];
    const PickleNode function = tree_.nodes[pop()];
    if (function.kind != PickleKind::global ||
        (arguments.kind != PickleKind::tuple && arguments.kind != PickleKind::plain)) {
      refuse_pickle(Reason::corrupt, "calls something that is no function");
    }
    const bool rebuilds = function.text == kRebuildTensor || function.text == kRebuildParameter ||
                          function.text == kOrderedDict;
    if (is_plain_function(function.text) || (rebuilds && arguments.kind == PickleKind::plain)) {
      return push(kPlain);
    }
    const auto kind_of = [&](std::size_t i) { return tree_.nodes[arguments.items[i]].kind; };
    const std::size_t count = arguments.items.size();
    if (function.text == kOrderedDict && count == 0) return push(PickleKind::dict);
    // (storage, offset, shape, stride, requires_grad, hooks[, metadata])
    if (function.text == kRebuildTensor && (count == 6 || count == 7) && kind_of(0) == PickleKind::storage &&
        kind_of(1) == PickleKind::integer && kind_of(2) == PickleKind::tuple &&
        kind_of(3) == PickleKind::tuple) {
      return push(add(PickleKind::tensor, 0, {},
                      {arguments.items[0], arguments.items[1], arguments.items[2], arguments.items[3]}));
    }
    // (tensor, requires_grad, hooks): the parameter is its tensor
    if (function.text == kRebuildParameter && count == 3 && kind_of(0) == PickleKind::tensor) {
      return push(arguments.items[0]);
    }
    if (is_typed_list(function.text) && count == 1 && kind_of(0) == PickleKind::list) {
      return push(arguments.items[0]);
    }
    // (object, name of its type)
    if (function.text == kTypeTag && count == 2) return push(arguments.items[0]);
    refuse_pickle(Reason::unsupported, "calls " + function.text + " in a way that is not known");
  }

  /// An object of the archive's own classes, without arguments: a record of attributes.
  void new_object() {
    const PickleNode arguments = tree_.nodes[pop()];
    const PickleNode type = tree_.nodes[pop()];
    if (type.kind != PickleKind::global || !is_own_class(type.text) || arguments.kind != PickleKind::tuple ||
        !arguments.items.empty()) {
      refuse_pickle(Reason::unsupported, "makes an object in a way that is not known");
    }
    push(PickleKind::object, 0, type.text);
  }

  /// The state of an OrderedDict is its `_metadata`: versions of modules, which no weight depends on. That of
  /// an object is its attributes.
  void build() {
    const PickleNode state = tree_.nodes[pop()];
    if (on_plain()) return;
    if (state.kind != PickleKind::dict) refuse_pickle(Reason::unsupported, "sets the state of an object");
    if (stack_.size() <= floor() || tree_.nodes[stack_.back()].kind != PickleKind::object) {
      top(PickleKind::dict);
      return;
    }
    PickleNode& object = top(PickleKind::object);
    if (!object.items.empty()) refuse_pickle(Reason::unsupported, "sets the state of an object twice");
    object.items = state.items;
  }

  void step(std::uint8_t opcode);

  static constexpr std::uint32_t kPlain = 0;  ///< the node of all plain things; of checkpoints alone
  static constexpr std::uint32_t kNoNode = 0xffffffff;
  static constexpr std::size_t kMarksOfValue = 2;  ///< the root dictionary's, and one inside of a value

  std::string_view bytes_;
  Pickled pickled_;
  std::vector<std::string> kept_;
  bool skipping_ = false;
  std::map<std::pair<PickleKind, std::string>, std::uint32_t> words_;  ///< of what is walked over
  std::size_t at_ = 0;
  PickleTree tree_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::vector<std::uint32_t> memo_;
};

void Reader::step(std::uint8_t opcode) {
  switch (opcode) {
    case '(':
      return mark();
    case 'N':
      return push(PickleKind::none);
    case 0x88:
      return push(PickleKind::boolean, 1);
    case 0x89:
      return push(PickleKind::boolean, 0);
    case 'J':
      return push(PickleKind::integer, static_cast<std::int32_t>(little(4)));
    case 'K':
      return push(PickleKind::integer, static_cast<std::int64_t>(little(1)));
    case 'M':
      return push(PickleKind::integer, static_cast<std::int64_t>(little(2)));
    case 0x8a:
      return long_integer();
    case 'G':
      return real();
    case 'X':
      return text();
    case ')':
      return push(PickleKind::tuple);
    case 't':
      return push(add(PickleKind::tuple, 0, {}, pop_to_mark()));
    case 0x85:
      return push_tuple(1);
    case 0x86:
      return push_tuple(2);
    case 0x87:
      return push_tuple(3);
    case ']':
      return push(PickleKind::list);
    case 'a':
      return append(PickleKind::list, {pop()}, skipping_);
    case 'e': {
      const bool walked = skipping_;
      return append(PickleKind::list, pop_to_mark(), walked);
    }
    case '}':
      return push(PickleKind::dict);
    case 's': {
      const std::uint32_t value = pop();
      return append(PickleKind::dict, {pop(), value}, skipping_);
    }
    case 'u': {
      const bool walked = skipping_;
      return append(PickleKind::dict, pop_to_mark(), walked);
    }
    case 'q':
      return remember(little(1));
    case 'r':
      return remember(little(4));
    case 'h':
      return recall(little(1));
    case 'j':
      return recall(little(4));
    case 'c':
      return global();
    case 'Q':
      return persistent();
    case 'R':
      return reduce();
    case 'b':
      return build();
    case 0x81:
      if (pickled_ == Pickled::module) return new_object();
      break;
    default:
      break;
  }
  refuse_pickle(Reason::unsupported, "has pickle operation " + std::to_string(opcode) + " at byte " +
                                         std::to_string(at_ - 1) +
                                         ", which is not part of a weights file or module");
}

}  // namespace

const char* pickle_kind_name(PickleKind kind) noexcept {
  switch (kind) {
    case PickleKind::none:
      return "None";
    case PickleKind::boolean:
      return "bool";
    case PickleKind::integer:
      return "int";
    case PickleKind::real:
      return "float";
    case PickleKind::text:
      return "str";
    case PickleKind::tuple:
      return "tuple";
    case PickleKind::list:
      return "list";
    case PickleKind::dict:
      return "dict";
    case PickleKind::global:
      return "class";
    case PickleKind::storage:
      return "storage";
    case PickleKind::tensor:
      return "tensor";
    case PickleKind::object:
    case PickleKind::plain:
      return "object";
  }
  return "object";
}

PickleTree read_pickle(std::string_view bytes, Pickled pickled) { return Reader(bytes, pickled).run(); }

PickleTree take_pickle(std::string_view* bytes) {
  Reader reader(*bytes, Pickled::tensors);
  PickleTree tree = reader.first();
  bytes->remove_prefix(reader.taken());
  return tree;
}

PickleTree read_checkpoint_pickle(std::string_view bytes, const std::vector<std::string>& kept) {
  return Reader(bytes, Pickled::checkpoint, kept).run();
}

}  // namespace musclemap::io
