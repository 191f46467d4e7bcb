#include "adapters/syslog/framing.hpp"

#include <algorithm>

namespace garita::syslog {
namespace {

constexpr std::size_t most_digits = 7;

struct Count {
    enum class Kind { none, incomplete, number } kind = Kind::none;
    std::size_t value = 0;
    std::size_t header = 0;  ///< bytes with the blank
};

/// "57 <": a priority must follow, so that lines that begin with a number are lines.
Count read_count(std::string_view bytes) {
    Count count;
    if (bytes.front() < '1' || bytes.front() > '9') return count;
    std::size_t at = 0;
    for (; at < bytes.size() && at <= most_digits && bytes[at] >= '0' && bytes[at] <= '9'; ++at)
        count.value = count.value * 10 + static_cast<std::size_t>(bytes[at] - '0');
    if (at > most_digits) return count;
    if (at == bytes.size() || at + 1 == bytes.size()) {
        if (at == bytes.size() || bytes[at] == ' ') count.kind = Count::Kind::incomplete;
        return count;
    }
    if (bytes[at] != ' ' || bytes[at + 1] != '<') return count;
    count.kind = Count::Kind::number;
    count.header = at + 1;
    return count;
}

std::string_view without_end(std::string_view message) {
    while (!message.empty() && (message.back() == '\n' || message.back() == '\r' || message.back() == '\0'))
        message.remove_suffix(1);
    return message;
}

void give(std::string_view message, const Framing::Sink& sink) {
    message = without_end(message);
    if (!message.empty()) sink(message);
}

}  // namespace

Framing::Piece Framing::counted(std::string_view bytes, std::size_t count, std::size_t header) {
    if (count > largest_count) return {Piece::Kind::broken, {}, 0};
    const auto wanted = std::min(count, longest_);
    if (bytes.size() < header + wanted) return {};
    if (count > wanted) {
        ++cut_;
        skip_bytes_ = count - wanted;
    }
    return {Piece::Kind::message, bytes.substr(header, wanted), header + wanted};
}

Framing::Piece Framing::line(std::string_view bytes) {
    const auto end = bytes.substr(0, longest_ + 1).find('\n');
    if (end != std::string_view::npos) return {Piece::Kind::message, bytes.substr(0, end), end + 1};
    if (bytes.size() <= longest_) return {};
    ++cut_;
    skip_line_ = true;
    return {Piece::Kind::message, bytes.substr(0, longest_), longest_};
}

Framing::Piece Framing::next(std::string_view bytes) {
    const auto count = read_count(bytes);
    if (count.kind == Count::Kind::number) return counted(bytes, count.value, count.header);
    if (count.kind == Count::Kind::incomplete) return {};
    return line(bytes);
}

void Framing::skip(std::string_view& bytes) {
    const auto counted = std::min(skip_bytes_, bytes.size());
    bytes.remove_prefix(counted);
    skip_bytes_ -= counted;
    if (!skip_line_ || bytes.empty()) return;
    const auto end = bytes.find('\n');
    skip_line_ = end == std::string_view::npos;
    bytes.remove_prefix(skip_line_ ? bytes.size() : end + 1);
}

Framing::State Framing::join(std::string_view& bytes, const Sink& sink) {
    const auto before = pending_.size();
    const auto taken = std::min(bytes.size(), longest_ + most_digits + 1 - before);
    pending_.append(bytes.substr(0, taken));
    const auto piece = next(pending_);
    if (piece.kind == Piece::Kind::broken) return State::broken;
    if (piece.kind == Piece::Kind::incomplete) {
        bytes.remove_prefix(taken);
        return State::going_on;
    }
    give(piece.message, sink);
    bytes.remove_prefix(piece.used - before);  // what was incomplete never holds a whole message
    pending_.clear();
    return State::going_on;
}

Framing::State Framing::feed(std::string_view bytes, const Sink& sink) {
    while (!bytes.empty()) {
        skip(bytes);
        if (bytes.empty()) break;
        if (!pending_.empty()) {
            if (join(bytes, sink) == State::broken) return State::broken;
            continue;
        }
        const auto piece = next(bytes);
        if (piece.kind == Piece::Kind::broken) return State::broken;
        if (piece.kind == Piece::Kind::incomplete) {
            pending_.assign(bytes);
            break;
        }
        give(piece.message, sink);
        bytes.remove_prefix(piece.used);
    }
    return State::going_on;
}

void Framing::end(const Sink& sink) {
    if (!pending_.empty() && read_count(pending_).kind == Count::Kind::none) give(pending_, sink);
    pending_.clear();
}

}  // namespace garita::syslog
