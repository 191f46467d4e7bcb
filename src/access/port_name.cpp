#include "access/port_name.hpp"

#include <charconv>

namespace garita::access {
namespace {

using Kind = PortName::Kind;

struct Spelling {
    Kind kind;
    std::string_view full;
    std::string_view brief;    ///< as tables print it; means this kind even where other names begin so
    std::string_view other{};  ///< one more long name
    std::string_view other_brief{};
};

constexpr std::array spellings = {
    Spelling{Kind::ethernet, "Ethernet", "Et", {}, "Eth"},
    Spelling{Kind::fast_ethernet, "FastEthernet", "Fa"},
    Spelling{Kind::gigabit, "GigabitEthernet", "Gi"},
    Spelling{Kind::two_gigabit, "TwoGigabitEthernet", "Tw"},
    Spelling{Kind::five_gigabit, "FiveGigabitEthernet", "Fi"},
    Spelling{Kind::ten_gigabit, "TenGigabitEthernet", "Te", "TenGigE"},
    Spelling{Kind::twenty_five_gigabit, "TwentyFiveGigE", "Twe", "TwentyFiveGigabitEthernet"},
    Spelling{Kind::forty_gigabit, "FortyGigabitEthernet", "Fo", "FortyGigE"},
    Spelling{Kind::fifty_gigabit, "FiftyGigE", "Fif", "FiftyGigabitEthernet"},
    Spelling{Kind::hundred_gigabit, "HundredGigE", "Hu", "HundredGigabitEthernet"},
    Spelling{Kind::two_hundred_gigabit, "TwoHundredGigE", "TwoH", "TwoHundredGigabitEthernet"},
    Spelling{Kind::four_hundred_gigabit, "FourHundredGigE", "Fou", "FourHundredGigabitEthernet"},
    Spelling{Kind::app_gigabit, "AppGigabitEthernet", "Ap"},
    Spelling{Kind::port_channel, "Port-channel", "Po"},
    Spelling{Kind::vlan, "Vlan", "Vl"},
    Spelling{Kind::loopback, "Loopback", "Lo"},
    Spelling{Kind::tunnel, "Tunnel", "Tu"},
    Spelling{Kind::bridge_domain, "BDI", "BD"},
    Spelling{Kind::null, "Null", "Nu"},
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins(std::string_view whole, std::string_view part) {
    if (part.size() > whole.size()) return false;
    for (std::size_t i = 0; i < part.size(); ++i)
        if (lower(whole[i]) != lower(part[i])) return false;
    return true;
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && begins(a, b);
}

std::optional<Kind> kind_of(std::string_view letters) {
    if (letters.size() < 2) return std::nullopt;
    for (const auto& one : spellings)
        if (same(one.brief, letters) || same(one.other_brief, letters)) return one.kind;
    std::optional<Kind> found;
    for (const auto& one : spellings) {
        if (!begins(one.full, letters) && !begins(one.other, letters)) continue;
        if (found) return std::nullopt;  // it could be either
        found = one.kind;
    }
    return found;
}

template <typename Number>
bool read_number(std::string_view& text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end == text.data()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::optional<PortName> PortName::parse(std::string_view text) {
    constexpr std::size_t longest = 64;
    if (text.size() > longest) return std::nullopt;
    std::size_t letters = 0;
    const auto is_letter = [](char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || c == '-'; };
    while (letters < text.size() && is_letter(text[letters]))
        ++letters;
    const auto kind = kind_of(text.substr(0, letters));
    if (!kind) return std::nullopt;
    text.remove_prefix(letters);
    while (take(text, ' ')) {
    }
    PortName name;
    name.kind_ = *kind;
    if (!name.read_numbers(text)) return std::nullopt;
    return name;
}

bool PortName::read_numbers(std::string_view text) {
    do {
        if (count_ == most_numbers || !read_number(text, numbers_[count_])) return false;
        ++count_;
    } while (take(text, '/'));
    if (take(text, '.') && (!read_number(text, part_) || part_ == 0)) return false;
    return text.empty();
}

std::string PortName::numbers() const {
    std::string out;
    for (std::size_t i = 0; i < count_; ++i) {
        if (i > 0) out += '/';
        out += std::to_string(numbers_[i]);
    }
    if (part_ > 0) out += "." + std::to_string(part_);
    return out;
}

bool PortName::is_physical() const {
    return kind_ < Kind::app_gigabit && part_ == 0;
}

std::string PortName::text() const {
    return std::string(spellings[static_cast<std::size_t>(kind_)].full) + numbers();
}

std::string PortName::short_text() const {
    return std::string(spellings[static_cast<std::size_t>(kind_)].brief) + numbers();
}

}  // namespace garita::access
