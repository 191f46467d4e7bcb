#include "access/mac_grammar.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "access/mac_words.hpp"

namespace garita::access {

namespace {

using Joint = MacWord::Joint;

constexpr std::size_t mac_digits = 12;

bool among(std::string_view word, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// Words of three languages that consist of hexadecimal digits and stand beside a MAC address.
bool is_speech(const MacWord& word) {
    return word.letters &&
           among(word.digits, {"be",   "d0",   "0f",   "ad",   "de",   "da",   "b0",   "c0",  "ee",
                               "ce",   "ed",   "add",  "bad",  "dad",  "fed",  "bce",  "c0d", "f0e",
                               "face", "fade", "dead", "deed", "feed", "cafe", "beef", "c0de"});
}

bool is_label(const MacWord& word) {
    return among(word.lower,
                 {"mac", "macs", "macaddress", "mac_address", "hwaddr", "hwaddress", "мас", "мак"});
}

bool is_filler(const MacWord& word) {
    return among(word.lower, {"address", "addr", "is", "адрес", "адреса", "адресом", "es", "dirección",
                              "direccion", "of", "de", "the", "device", "устройства", "it", "its"});
}

/// What follows is twelve digits of something else.
bool is_identifier(const MacWord& word) {
    return among(word.lower,
                 {"commit", "revision", "rev", "hash", "sha",  "sha1",   "sha256",   "md5",  "crc",
                  "digest", "id",       "uid", "uuid", "guid", "ticket", "serial",   "sn",   "imei",
                  "build",  "token",    "key", "хеш",  "хэш",  "коммит", "серийный", "тикет"});
}

/// Searches the words of one text.
class Search {
  public:
    explicit Search(std::string_view text) : words_(mac_words(text)) {}

    MacReading run() {
        for (std::size_t i = 0; i + 1 < words_.size();) {
            if (!words_[i].is_hex()) {
                ++i;
                continue;
            }
            std::size_t end = i + 1;
            while (words_[end].is_hex() && words_[end].is_joined())
                ++end;
            i = end - i == 1 && words_[i].digits.size() < 6 ? spaced(i) : joined(i, end);
        }
        return std::move(reading_);
    }

  private:
    // --- what stands around ---

    /// "MAC", "MAC address is", "MAC-адрес:" stands before the word.
    [[nodiscard]] bool is_labelled(std::size_t at) const {
        constexpr std::size_t farthest = 4;
        for (std::size_t i = at; i > 0 && at - i < farthest; --i) {
            if (is_label(words_[i - 1])) return true;
            if (!is_filler(words_[i - 1])) return false;
        }
        return false;
    }

    [[nodiscard]] bool all(std::size_t begin, std::size_t end, bool MacWord::*what) const {
        return std::all_of(words_.begin() + static_cast<std::ptrdiff_t>(begin),
                           words_.begin() + static_cast<std::ptrdiff_t>(end),
                           [&](const MacWord& word) { return word.*what; });
    }

    [[nodiscard]] bool same_size(std::size_t begin, std::size_t end) const {
        for (std::size_t i = begin; i < end; ++i)
            if (words_[i].digits.size() != words_[begin].digits.size()) return false;
        return true;
    }

    // --- what is found ---

    void name(std::size_t begin, std::size_t end) {
        std::string digits;
        for (std::size_t i = begin; i < end; ++i)
            digits += words_[i].digits;
        if (const auto address = MacAddress::parse(digits))
            reading_.named.push_back({*address, words_[begin].begin, words_[end - 1].end});
    }

    void name_decimal(std::size_t begin, std::size_t end) {
        if (words_[begin].last_before != '+' && is_labelled(begin))
            name(begin, end);
        else
            reading_.doubtful = true;
    }

    // --- groups with signs between them ---

    /// Returns where to go on.
    std::size_t joined(std::size_t begin, std::size_t end) {
        const auto size = words_[begin].digits.size();
        const bool ipv6 =
            words_[begin].before == Joint::double_colon || words_[end].before == Joint::double_colon;
        const bool fits = size == 2 || size == 3 || size == 4 || size == 6 || size == mac_digits;
        if (ipv6 || !fits || !same_size(begin, end)) return end;
        if (size == mac_digits) {
            if (end - begin == 1) bare(begin);
            return end;
        }
        const auto groups = mac_digits / size;
        if ((end - begin) % groups != 0) return end;
        for (auto first = begin; first < end; first += groups)
            if (!is_chunk(first, first + groups, begin, end)) return end;
        for (auto first = begin; first < end; first += groups)
            chunk(first, first + groups);
        return end;
    }

    /// One MAC address of a row of them: the same sign within, another one (or none) around. A row of one may
    /// have several signs within.
    [[nodiscard]] bool is_chunk(std::size_t first, std::size_t last, std::size_t begin,
                                std::size_t end) const {
        const auto sign = words_[first + 1].before;
        for (std::size_t i = first + 1; i < last; ++i)
            if (words_[i].before != sign)
                return last - first == end - begin && !all(begin, end, &MacWord::decimal);
        if (last - first == 2 && sign != Joint::dash) return false;
        const bool apart =
            (first == begin || words_[first].before != sign) && (last == end || words_[last].before != sign);
        return apart;
    }

    void chunk(std::size_t first, std::size_t last) {
        if (!all(first, last, &MacWord::decimal)) return name(first, last);
        const auto sign = words_[first + 1].before;
        const auto groups = last - first;
        const bool plain = (groups == 6 && sign == Joint::colon) || (groups == 3 && sign == Joint::dot) ||
                           (groups == 6 && sign == Joint::dash && !is_time(first));
        if (plain) return name(first, last);
        if (groups == 4 && sign == Joint::dot && is_ipv4(first)) return;
        name_decimal(first, last);
    }

    [[nodiscard]] int number(std::size_t at) const { return std::stoi(words_[at].digits); }

    [[nodiscard]] bool is_ipv4(std::size_t at) const {
        for (std::size_t i = at; i < at + 4; ++i)
            if (number(i) > 255) return false;
        return true;
    }

    /// "26-11-23-01-30-05" or "23-11-26-01-30-05"
    [[nodiscard]] bool is_time(std::size_t at) const {
        const auto within = [&](std::size_t i, int least, int most) {
            return number(at + i) >= least && number(at + i) <= most;
        };
        const bool date = within(1, 1, 12) && (within(0, 1, 31) || within(2, 1, 31));
        return date && within(3, 0, 23) && within(4, 0, 59) && within(5, 0, 60);
    }

    // --- twelve digits ---

    void bare(std::size_t at) {
        const auto& word = words_[at];
        const auto& next = words_[at + 1];
        if (word.decimal) return name_decimal(at, at + 1);
        const bool labelled = is_labelled(at);
        if (!labelled &&
            ((at > 0 && is_identifier(words_[at - 1])) ||
             is_part_of_name(word, at > 0 ? &words_[at - 1] : nullptr) || is_part_of_name(next, &next)))
            return;
        constexpr std::string_view of_identifiers = "/\\#@%&=+~$*";
        if (!labelled && of_identifiers.find(word.last_before) != std::string_view::npos &&
            word.last_before != 0)
            return;
        name(at, at + 1);
    }

    /// Identifiers are made of ASCII words with dashes and dots ("web-5d9f7c8b6d4f"); what people write
    /// without a blank in another script is speech.
    static bool is_part_of_name(const MacWord& second, const MacWord* other) {
        const bool sign = second.before == Joint::dash || second.before == Joint::dot;
        return sign && other != nullptr && other->ascii;
    }

    // --- groups with blanks between them ---

    std::size_t spaced(std::size_t begin) {
        const auto size = words_[begin].digits.size();
        std::size_t end = begin + 1;
        const auto goes_on = [&](std::size_t i) {
            return words_[i].is_hex() && words_[i].digits.size() == size &&
                   !(words_[i + 1].is_hex() && words_[i + 1].is_joined()) &&
                   (words_[i].before == Joint::blank || words_[i].before == Joint::line);
        };
        while (end + 1 < words_.size() && goes_on(end))
            ++end;
        if (size < 2 || size > 4) return end;
        const auto groups = mac_digits / size;
        if (end - begin < groups || run_of(begin, end, groups, Lines::joined)) return end;
        for (auto first = begin; first < end;) {
            auto last = first + 1;
            while (last < end && words_[last].before != Joint::line)
                ++last;
            run_of(first, last, groups, Lines::apart);
            first = last;
        }
        return end;
    }

    enum class Lines { joined, apart };

    /// A run of exactly one MAC address, words of speech at its ends left out; on one line also of several.
    bool run_of(std::size_t begin, std::size_t end, std::size_t groups, Lines lines) {
        const bool labelled = is_labelled(begin);
        while (end - begin > groups && (end - begin) % groups != 0 && is_speech(words_[begin]))
            ++begin;
        while (end - begin > groups && (end - begin) % groups != 0 && is_speech(words_[end - 1]))
            --end;
        const auto count = (end - begin) / groups;
        if (count == 0 || (end - begin) % groups != 0 || (count > 1 && lines == Lines::joined)) return false;
        const auto from = words_.begin() + static_cast<std::ptrdiff_t>(begin);
        if (!labelled && std::all_of(from, from + static_cast<std::ptrdiff_t>(end - begin), is_speech))
            return true;
        for (; begin < end; begin += groups)
            if (all(begin, begin + groups, &MacWord::decimal))
                name_decimal(begin, begin + groups);
            else
                name(begin, begin + groups);
        return true;
    }

    std::vector<MacWord> words_;
    MacReading reading_;
};

std::optional<MacRefusal::Reason> unfit(const MacAddress& address) {
    const auto all_are = [&](std::uint8_t value) {
        return std::all_of(address.bytes.begin(), address.bytes.end(),
                           [&](std::uint8_t byte) { return byte == value; });
    };
    if (all_are(0)) return MacRefusal::Reason::zero;
    if (all_are(0xFF)) return MacRefusal::Reason::broadcast;
    if ((address.bytes[0] & 1U) != 0) return MacRefusal::Reason::group;
    return std::nullopt;
}

}  // namespace

MacReading read_macs(std::string_view text) {
    return Search(text).run();
}

std::string_view to_text(MacRefusal::Reason reason) {
    constexpr std::array<std::string_view, 6> words = {"none",      "doubtful", "several",
                                                       "broadcast", "group",    "zero"};
    return words.at(static_cast<std::size_t>(reason));
}

tl::expected<ApprovedMac, MacRefusal> the_one_mac(std::string_view text) {
    const auto reading = read_macs(text);
    MacRefusal refusal;
    for (const auto& one : reading.named)
        if (std::find(refusal.named.begin(), refusal.named.end(), one.address) == refusal.named.end())
            refusal.named.push_back(one.address);
    if (refusal.named.empty()) {
        refusal.reason = reading.doubtful ? MacRefusal::Reason::doubtful : MacRefusal::Reason::none;
        return tl::unexpected(std::move(refusal));
    }
    if (refusal.named.size() > 1) {
        refusal.reason = MacRefusal::Reason::several;
        return tl::unexpected(std::move(refusal));
    }
    const auto& address = refusal.named.front();
    if (const auto reason = unfit(address)) {
        refusal.reason = *reason;
        return tl::unexpected(std::move(refusal));
    }
    return ApprovedMac{address, (address.bytes[0] & 2U) != 0};
}

}  // namespace garita::access
