// Opcodes after CPython's Lib/pickletools.py; what NumPy's arrays, scalars and types are reduced to after
// numpy/core/src/multiarray/methods.c (array_reduce, array_setstate), scalartypes.c.src and descriptor.c.
#include "io/weights/cellpose/numpy_pickle.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

using Kind = NumpyNode::Kind;

constexpr std::size_t kLargestSizePickle = std::size_t{64} << 20;
constexpr std::size_t kMostSizeOperations = std::size_t{1} << 16;
constexpr std::size_t kLongestWordOfPickle = 256;

// Old and new names of the same three functions and the two classes; text of older Pythons' bytes.
constexpr std::string_view kAllowed[] = {"numpy.core.multiarray._reconstruct",
                                         "numpy._core.multiarray._reconstruct",
                                         "numpy.core.multiarray.scalar",
                                         "numpy._core.multiarray.scalar",
                                         "numpy.ndarray",
                                         "numpy.dtype",
                                         "_codecs.encode"};

[[noreturn]] void refuse_numpy(Reason reason, const std::string& message) {
  throw Error(reason == Reason::unsupported ? ErrorCode::unsupported : ErrorCode::format, reason,
              "its pickle " + message);
}

template <class T>
void append_numbers(std::string_view bytes, std::vector<double>* numbers) {
  for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    numbers->push_back(static_cast<double>(value));
  }
}

class NumpyPickle {
 public:
  explicit NumpyPickle(std::string_view bytes) : bytes_(bytes) {
    if (bytes.size() > kLargestSizePickle) refuse_numpy(Reason::limit, "has more than 64 MiB");
  }

  NumpyTree run() {
    for (std::size_t count = 0;; ++count) {
      if (count == kMostSizeOperations) refuse_numpy(Reason::limit, "has more than 65536 operations");
      const std::uint8_t code = byte();
      if (code == '.') break;
      step(code);
    }
    if (at_ != bytes_.size()) refuse_numpy(Reason::corrupt, "has data behind its end");
    if (stack_.size() != 1) refuse_numpy(Reason::corrupt, "does not end with one object");
    tree_.root = stack_.back();
    return std::move(tree_);
  }

 private:
  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1)[0]); }
  std::uint64_t little(std::size_t size) {
    const std::string_view bytes = take(size);
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    return value;
  }
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - at_) refuse_numpy(Reason::truncated, "is cut short");
    const std::string_view taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }
  std::string line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos || end - at_ > kLongestWordOfPickle) {
      refuse_numpy(Reason::corrupt, "has a name without an end");
    }
    std::string text(take(end - at_));
    ++at_;
    return text;
  }

  NumpyNode& push(Kind kind) {
    tree_.nodes.push_back({kind, {}, {}, {}});
    stack_.push_back(static_cast<std::uint32_t>(tree_.nodes.size() - 1));
    return tree_.nodes.back();
  }
  void push_number(double value) { push(Kind::number).numbers = {value}; }
  void push_text(std::uint64_t size) { push(Kind::text).text = std::string(take(size)); }
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  std::uint32_t pop() {
    if (stack_.size() <= floor()) refuse_numpy(Reason::corrupt, "takes an object that is not there");
    const std::uint32_t top = stack_.back();
    stack_.pop_back();
    return top;
  }
  NumpyNode& top() {
    if (stack_.size() <= floor()) refuse_numpy(Reason::corrupt, "takes an object that is not there");
    return tree_.nodes[stack_.back()];
  }
  std::vector<std::uint32_t> pop_to_mark() {
    if (marks_.empty()) refuse_numpy(Reason::corrupt, "takes a mark that is not there");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<std::uint32_t> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }
  void push_sequence(std::size_t size) {
    std::vector<std::uint32_t> items(size);
    for (std::size_t i = size; i-- > 0;) items[i] = pop();
    push(Kind::sequence).items = std::move(items);
  }
  void append(Kind kind, const std::vector<std::uint32_t>& items) {
    NumpyNode& container = top();
    if (container.kind != kind || (kind == Kind::dict && items.size() % 2 != 0)) {
      refuse_numpy(Reason::corrupt, "adds to something that takes nothing");
    }
    container.items.insert(container.items.end(), items.begin(), items.end());
  }
  void remember(std::uint64_t slot) {
    top();
    if (slot >= bytes_.size()) refuse_numpy(Reason::corrupt, "remembers more objects than it has");
    if (slot >= memo_.size()) memo_.resize(slot + 1, kNothing);
    memo_[slot] = stack_.back();
  }
  void recall(std::uint64_t slot) {
    if (slot >= memo_.size() || memo_[slot] == kNothing) {
      refuse_numpy(Reason::corrupt, "recalls an object that was never remembered");
    }
    stack_.push_back(memo_[slot]);
  }
  void function(const std::string& name) {
    if (std::find(std::begin(kAllowed), std::end(kAllowed), name) == std::end(kAllowed)) {
      refuse_numpy(Reason::unsupported, "refers to " + base::printable(name, 120) +
                                            ", which is no part of a dictionary of arrays");
    }
    push(Kind::function).text = name;
  }
  void big_real() {
    const std::string_view bytes = take(8);
    std::uint64_t bits = 0;
    for (const char each : bytes) bits = bits << 8 | static_cast<std::uint8_t>(each);
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    push_number(value);
  }
  void long_integer() {
    const std::size_t size = byte();
    if (size > 8) refuse_numpy(Reason::limit, "has a number of more than 64 bits");
    std::uint64_t value = little(size);
    if (size > 0 && size < 8 && (value >> (8 * size - 1) & 1) != 0) value |= ~std::uint64_t{0} << (8 * size);
    push_number(static_cast<double>(static_cast<std::int64_t>(value)));
  }

  const NumpyNode& item(const NumpyNode& sequence, std::size_t i) const {
    if (i >= sequence.items.size()) refuse_numpy(Reason::corrupt, "calls a function with too little");
    return tree_[sequence.items[i]];
  }

  void reduce() {
    const NumpyNode arguments = tree_[pop()];
    const NumpyNode function = tree_[pop()];
    if (function.kind != Kind::function || arguments.kind != Kind::sequence) {
      refuse_numpy(Reason::corrupt, "calls something that is no function");
    }
    const std::string_view name = std::string_view(function.text).substr(function.text.rfind('.') + 1);
    if (name == "_reconstruct") {
      push(Kind::array);
    } else if (name == "dtype") {
      std::string type = item(arguments, 0).text;  // push() moves nodes
      push(Kind::type).text = std::move(type);
    } else if (name == "encode") {
      push(Kind::text).text = from_latin(item(arguments, 0).text);
    } else if (name == "scalar") {
      std::vector<double> numbers = numbers_of(item(arguments, 0), item(arguments, 1).text);
      push(Kind::array).numbers = std::move(numbers);
    } else {
      refuse_numpy(Reason::unsupported, "calls " + function.text);
    }
  }

  /// UTF-8 of characters below 256 to a byte each.
  static std::string from_latin(const std::string& text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto first = static_cast<unsigned char>(text[i]);
      if (first < 0x80) {
        bytes += text[i];
      } else if ((first == 0xc2 || first == 0xc3) && i + 1 < text.size()) {
        bytes += static_cast<char>((first & 3U) << 6U | (static_cast<unsigned char>(text[++i]) & 0x3fU));
      } else {
        refuse_numpy(Reason::corrupt, "has bytes that are none");
      }
    }
    return bytes;
  }

  static std::vector<double> numbers_of(const NumpyNode& type, std::string_view bytes) {
    std::vector<double> numbers;
    const std::string_view name = type.text;
    if (type.kind == Kind::type && (name == "<f8" || name == "f8")) {
      append_numbers<double>(bytes, &numbers);
    } else if (type.kind == Kind::type && (name == "<f4" || name == "f4")) {
      append_numbers<float>(bytes, &numbers);
    } else if (type.kind == Kind::type && (name == "<i8" || name == "i8")) {
      append_numbers<std::int64_t>(bytes, &numbers);
    } else if (type.kind == Kind::type && (name == "<i4" || name == "i4")) {
      append_numbers<std::int32_t>(bytes, &numbers);
    } else {
      refuse_numpy(Reason::unsupported, "has numbers of type '" + base::printable(type.text, 40) +
                                            "'; little-endian f8, f4, i8 and i4 are read");
    }
    return numbers;
  }

  /// The state of a type is (version, byte order, …), that of an array (version, shape, type, whether the
  /// first axis is the fastest, bytes or a list of objects).
  void build() {
    const NumpyNode state = tree_[pop()];
    if (state.kind != Kind::sequence) refuse_numpy(Reason::unsupported, "sets the state of an object");
    if (top().kind == Kind::type) {
      const std::string& order = item(state, 1).text;
      if (order != "|" && top().text.size() < kLongestWordOfPickle) top().text.insert(0, order);
      return;
    }
    if (top().kind != Kind::array) refuse_numpy(Reason::unsupported, "sets the state of an object");
    const NumpyNode& data = item(state, 4);
    if (data.kind == Kind::sequence) {
      top().items = data.items;
      return;
    }
    std::vector<double> numbers = numbers_of(item(state, 2), data.text);
    double count = 1;
    for (const std::uint32_t axis : item(state, 1).items) {
      const std::vector<double>& size = tree_[axis].numbers;
      count *= size.size() == 1 ? size[0] : -1;
    }
    if (count != static_cast<double>(numbers.size())) {
      refuse_numpy(Reason::corrupt, "has an array whose shape does not fit its " +
                                        std::to_string(numbers.size()) + " numbers");
    }
    top().numbers = std::move(numbers);
  }

  void step(std::uint8_t code);

  static constexpr std::uint32_t kNothing = 0xffffffff;

  std::string_view bytes_;
  std::size_t at_ = 0;
  NumpyTree tree_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::vector<std::uint32_t> memo_;
};

void NumpyPickle::step(std::uint8_t code) {
  switch (code) {
    case 0x80:  // protocol
      return void(byte());
    case 0x95:  // frame
      return void(little(8));
    case '(':
      return marks_.push_back(stack_.size());
    case 'N':
      return void(push(Kind::none));
    case 0x88:
    case 0x89:
      return push_number(code == 0x88 ? 1 : 0);
    case 'J':
      return push_number(static_cast<std::int32_t>(little(4)));
    case 'K':
      return push_number(static_cast<double>(little(1)));
    case 'M':
      return push_number(static_cast<double>(little(2)));
    case 0x8a:
      return long_integer();
    case 'G':
      return big_real();
    case 'X':
    case 'B':
    case 'T':
      return push_text(little(4));
    case 0x8c:
    case 'C':
    case 'U':
      return push_text(little(1));
    case 0x8d:
    case 0x8e:
      return push_text(little(8));
    case ')':
      return push_sequence(0);
    case 't': {
      std::vector<std::uint32_t> items = pop_to_mark();
      push(Kind::sequence).items = std::move(items);
      return;
    }
    case 0x85:
    case 0x86:
    case 0x87:
      return push_sequence(static_cast<std::size_t>(code - 0x84));
    case ']':
      return void(push(Kind::sequence));
    case 'a':
      return append(Kind::sequence, {pop()});
    case 'e':
      return append(Kind::sequence, pop_to_mark());
    case '}':
      return void(push(Kind::dict));
    case 's': {
      const std::uint32_t value = pop();
      const std::uint32_t key = pop();
      return append(Kind::dict, {key, value});
    }
    case 'u':
      return append(Kind::dict, pop_to_mark());
    case 'q':
      return remember(little(1));
    case 'r':
      return remember(little(4));
    case 0x94:
      return remember(memo_.size());
    case 'h':
      return recall(little(1));
    case 'j':
      return recall(little(4));
    case 'c': {
      const std::string module = line();
      return function(module + "." + line());
    }
    case 0x93: {
      const std::string name = tree_[pop()].text;
      return function(tree_[pop()].text + "." + name);
    }
    case 'R':
      return reduce();
    case 'b':
      return build();
    default:
      refuse_numpy(Reason::unsupported, "has operation " + std::to_string(code) + " at byte " +
                                            std::to_string(at_ - 1) +
                                            ", which is no part of a dictionary of arrays");
  }
}

}  // namespace

NumpyTree read_numpy_pickle(std::string_view bytes) { return NumpyPickle(bytes).run(); }

}  // namespace musclemap::io
