#include "adapters/ios/etherchannel.hpp"

#include <algorithm>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

struct Flagged {
    std::string_view name;
    std::string_view flags;
};

/// "Te6/4(P)", "Po1(SU)", "Po1".
std::optional<Flagged> flagged(std::string_view word) {
    const auto bracket = word.find('(');
    if (bracket == std::string_view::npos) return Flagged{word, {}};
    const auto flags = word.substr(bracket + 1);
    if (flags.size() < 2 || flags.back() != ')') return std::nullopt;
    const auto inside = flags.substr(0, flags.size() - 1);
    if (!std::all_of(inside.begin(), inside.end(), is_letter)) return std::nullopt;
    return Flagged{word.substr(0, bracket), inside};
}

bool is_protocol(std::string_view word) {
    return same_word(word, "LACP") || same_word(word, "PAgP") || word == "-" || same_word(word, "NONE") ||
           same_word(word, "mode-on");
}

class Reading {
  public:
    Result<void> take(const OutputLine& line) {
        const auto text = trimmed(line.text);
        if (text.empty() || is_rule(text)) return {};
        if (begins_with(text, "Group") && read_head(text)) return {};
        if (begins_with(text, "Number of ")) return count(line);
        if (!head_) {
            if (begins_with(text, "Flags:")) legend_ = true;
            if (legend_) return {};
            return fail_at(line, "stands before the head of `show etherchannel summary`");
        }
        if (is_legend_below(text)) {
            below_ = true;
            return {};
        }
        if (below_) return fail_at(line, "stands below the end of the table");
        return row(line);
    }

    Result<std::vector<EtherchannelGroup>> finish(const Output& output) {
        const auto& last = output.lines.back();
        if (!head_ && groups_in_use_ != 0U)
            return fail_at(last, "the output ends without the head of `show etherchannel summary`");
        if (groups_in_use_ && *groups_in_use_ != groups_.size())
            return fail_at(last, "the output ends with " + std::to_string(groups_.size()) + " of " +
                                     std::to_string(*groups_in_use_) + " groups");
        return std::move(groups_);
    }

  private:
    bool read_head(std::string_view text) {
        const auto words = words_of(text);
        if (words.size() < 3 || !same_word(words[1], "Port-channel") || !same_word(words.back(), "Ports"))
            return false;
        head_ = true;
        with_protocol_ = same_word(words[2], "Protocol");
        return true;
    }

    Result<void> count(const OutputLine& line) {
        const auto text = trimmed(line.text);
        const auto colon = text.rfind(':');
        const auto number = colon == std::string_view::npos
                                ? std::nullopt
                                : number_of<std::size_t>(trimmed(text.substr(colon + 1)));
        if (!number) return fail_at(line, "has no number");
        if (begins_with(text, "Number of channel-groups in use")) groups_in_use_ = *number;
        return {};
    }

    /// "RU - L3 port-channel UP State", "P/bndl - Bundled".
    static bool is_legend_below(std::string_view text) {
        if (begins_with(text, "Last applied Hash Distribution Algorithm")) return true;
        const auto dash = text.find(" - ");
        return dash != std::string_view::npos && !is_digit(text.front()) &&
               text.substr(0, dash).find('(') == std::string_view::npos;
    }

    Result<void> row(const OutputLine& line) {
        auto rest = trimmed(line.text);
        if (!is_digit(rest.front())) {
            if (groups_.empty()) return fail_at(line, "is no line of `show etherchannel summary`");
            return members(line, rest);
        }
        EtherchannelGroup group;
        const auto number = number_of<std::uint16_t>(take_word(rest));
        if (!number) return fail_at(line, "begins with no number of a group");
        group.group = *number;
        const auto bundle = flagged(take_word(rest));
        if (!bundle) return fail_at(line, "has no port-channel behind the group");
        if (!bundle->name.empty() && bundle->name != "-") {
            group.bundle = access::PortName::parse(bundle->name);
            if (!group.bundle || group.bundle->kind() != access::PortName::Kind::port_channel)
                return fail_at(line, "has no port-channel behind the group");
            group.shown_bundle = bundle->name;
            group.flags = bundle->flags;
        }
        if (with_protocol_ && !rest.empty()) {
            const auto protocol = take_word(rest);
            if (!is_protocol(protocol)) return fail_at(line, "has no known protocol behind the port-channel");
            if (protocol != "-" && !same_word(protocol, "NONE")) group.protocol = protocol;
        }
        groups_.push_back(std::move(group));
        return members(line, rest);
    }

    Result<void> members(const OutputLine& line, std::string_view rest) {
        while (!rest.empty()) {
            const auto member = flagged(take_word(rest));
            const auto port = member ? access::PortName::parse(member->name) : std::nullopt;
            if (!port) return fail_at(line, "ends with something else than ports");
            groups_.back().members.push_back({*port, std::string(member->name), std::string(member->flags)});
        }
        return {};
    }

    bool legend_ = false;
    bool head_ = false;
    bool with_protocol_ = false;
    bool below_ = false;
    std::optional<std::size_t> groups_in_use_;
    std::vector<EtherchannelGroup> groups_;
};

}  // namespace

Result<std::vector<EtherchannelGroup>> parse_etherchannel_summary(const Output& output) {
    Reading reading;
    for (const auto& line : output.lines)
        if (const auto taken = reading.take(line); !taken) return tl::unexpected(taken.error());
    return reading.finish(output);
}

}  // namespace garita::ios
