#include "adapters/log_files/file_place.hpp"

#include <charconv>

namespace garita::log_files {
namespace {

constexpr std::string_view version_line = "log_files 1";

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

template <typename Number>
bool take_number(std::string_view& line, Number& number) {
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (error != std::errc() || end == line.data() + line.size() || *end != ' ') return false;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()) + 1);
    return true;
}

std::optional<FilePlace> parse_place(std::string_view line) {
    FilePlace place;
    if (!take_number(line, place.identity.device) || !take_number(line, place.identity.inode) ||
        !take_number(line, place.offset) || !take_number(line, place.head_length) ||
        !take_number(line, place.head))
        return std::nullopt;
    if (line.empty() || place.head_length > head_size || place.head_length > place.offset)
        return std::nullopt;
    place.path = line;
    return place;
}

std::optional<HeardLog> parse_heard(std::string_view line) {
    HeardLog heard;
    if (!take_number(line, heard.first_us) || !take_number(line, heard.last_us) ||
        !take_number(line, heard.longest_us) || line.empty())
        return std::nullopt;
    if (heard.first_us < 0 || heard.last_us < heard.first_us || heard.longest_us < 0) return std::nullopt;
    heard.pattern = line;
    return heard;
}

}  // namespace

std::uint64_t fingerprint(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3U;
    }
    return hash;
}

std::string to_text(const Checkpoint& checkpoint) {
    std::string text(version_line);
    for (const auto& pattern : checkpoint.patterns)
        text.append("\npattern ").append(pattern);
    for (const auto& heard : checkpoint.heard)
        text.append("\nheard ")
            .append(std::to_string(heard.first_us) + " " + std::to_string(heard.last_us) + " " +
                    std::to_string(heard.longest_us) + " ")
            .append(heard.pattern);
    for (const auto& place : checkpoint.places) {
        text += "\nplace ";
        for (const auto number : {place.identity.device, place.identity.inode, place.offset,
                                  std::uint64_t{place.head_length}, place.head})
            text.append(std::to_string(number)).append(" ");
        text += place.path;
    }
    return text;
}

std::optional<Checkpoint> parse_checkpoint(std::string_view text) {
    if (take_line(text) != version_line) return std::nullopt;
    Checkpoint checkpoint;
    while (!text.empty()) {
        auto line = take_line(text);
        if (line.starts_with("pattern ")) {
            checkpoint.patterns.emplace_back(line.substr(8));
        } else if (line.starts_with("heard ")) {
            auto heard = parse_heard(line.substr(6));
            if (!heard) return std::nullopt;
            checkpoint.heard.push_back(std::move(*heard));
        } else if (line.starts_with("place ")) {
            auto place = parse_place(line.substr(6));
            if (!place) return std::nullopt;
            checkpoint.places.push_back(std::move(*place));
        } else {
            return std::nullopt;
        }
    }
    return checkpoint;
}

}  // namespace garita::log_files
