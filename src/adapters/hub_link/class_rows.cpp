#include "adapters/hub_link/class_rows.hpp"

#include <algorithm>

namespace garita::hub_link {
namespace {

using store::FedRule;
using store::Lane;

enum Flag : std::uint8_t { bulk = 1, wanted = 2, ending = 4, every_flag = 7 };

/// No end is later than a thousand years from now.
constexpr std::uint64_t longest = 31'556'952'000ULL * 1'000'000;
constexpr std::uint64_t last_seq = std::uint64_t{1} << 62U;

void put_number(std::string& out, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7U)
        out += static_cast<char>(static_cast<unsigned char>(number | 0x80U));
    out += static_cast<char>(static_cast<unsigned char>(number));
}

template <std::size_t capacity>
void put_packed(std::string& out, const Packed<capacity>& packed) {
    out += static_cast<char>(static_cast<unsigned char>(packed.size()));
    for (const auto byte : packed.bytes())
        out += static_cast<char>(byte);
}

/// After the first thing that is wrong gives nothing but zeros.
class Rows {
  public:
    explicit Rows(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] bool more() const { return fine_ && !rest_.empty(); }
    [[nodiscard]] bool fine() const { return fine_; }
    void wrong() {
        fine_ = false;
        rest_ = {};
    }
    [[nodiscard]] std::uint8_t byte() {
        if (rest_.empty()) return wrong(), std::uint8_t{0};
        const auto value = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    /// Up to the limit, in its shortest form.
    [[nodiscard]] std::uint64_t number(std::uint64_t limit) {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            const auto next = byte();
            value |= std::uint64_t{next & 0x7fU} << shift;
            if (next >= 0x80) continue;
            if (value > limit || (next == 0 && shift > 0)) break;
            return value;
        }
        wrong();
        return 0;
    }
    template <typename P>
    [[nodiscard]] P packed() {
        const std::size_t size = byte();
        P made;
        if (size > rest_.size() ||
            !made.append({reinterpret_cast<const std::uint8_t*>(rest_.data()), size})) {
            wrong();
            return P{};
        }
        rest_.remove_prefix(size);
        return made;
    }

  private:
    std::string_view rest_;
    bool fine_ = true;
};

std::string words_of(const ParamSpec& spec) {
    std::string text(to_text(spec.type));
    for (const auto& word : spec.words)
        text += '|' + word;
    return spec.pattern.empty() ? text : text + ' ' + spec.pattern;
}

FedRule row_of(Rows& in, Time written) {
    FedRule rule;
    const auto flags = in.byte();
    if ((flags & ~every_flag) != 0 || ((flags & ending) != 0 && (flags & wanted) == 0)) in.wrong();
    rule.lane = (flags & bulk) != 0 ? Lane::bulk : Lane::quick;
    rule.seq = static_cast<std::int64_t>(in.number(last_seq));
    rule.key = in.packed<RuleKey>();
    if ((flags & wanted) != 0) rule.want = in.packed<RuleValue>();
    if ((flags & ending) != 0)
        rule.expires_at = written + Duration(static_cast<Duration::rep>(in.number(longest)));
    if (rule.seq < 1 || rule.key.empty()) in.wrong();
    return rule;
}

}  // namespace

std::string shape_of(const RuleClass& rules) {
    std::string text;
    for (const auto& spec : rules.params())
        text += spec.name + ": " + words_of(spec) + ", ";
    text += "value: " + words_of(rules.value());
    return rules.absent() ? text + ", absent: " + rules.value_text(*rules.absent()) : text;
}

std::string encode_rows(std::span<const FedRule> rules, Time now) {
    std::string out;
    out.reserve(rules.size() * 20);
    for (const auto& rule : rules) {
        const auto left = rule.expires_at ? *rule.expires_at - now : Duration::zero();
        const bool want = rule.want && (!rule.expires_at || left > Duration::zero());
        const bool ends = want && rule.expires_at;
        out += static_cast<char>((rule.lane == Lane::bulk ? bulk : 0) | (want ? wanted : 0) |
                                 (ends ? ending : 0));
        put_number(out, static_cast<std::uint64_t>(rule.seq));
        put_packed(out, rule.key);
        if (want) put_packed(out, *rule.want);
        if (ends) put_number(out, std::min(static_cast<std::uint64_t>(left.count()), longest));
    }
    return out;
}

Result<std::vector<FedRule>> decode_rows(std::string_view bytes, Time written) {
    Rows in(bytes);
    std::vector<FedRule> rules;
    while (in.more() && rules.size() <= rules_in_page)
        rules.push_back(row_of(in, written));
    if (!in.fine() || rules.size() > rules_in_page)
        return fail(ErrorCode::invalid, "the hub's rules of a class cannot be read");
    return rules;
}

}  // namespace garita::hub_link
