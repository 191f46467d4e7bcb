#include "adapters/iptables/chain.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace garita::iptables {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t at = text.find_first_not_of(' '); at != std::string_view::npos;) {
        const auto end = text.find(' ', at);
        words.push_back(text.substr(at, end - at));
        at = text.find_first_not_of(' ', end);
    }
    return words;
}

std::string hex(std::uint32_t number) {
    std::array<char, 11> text{};
    std::snprintf(text.data(), text.size(), "0x%x", number);
    return text.data();
}

std::string whole(const IpNetwork& network) {
    return network.address().text() + "/" + std::to_string(network.prefix());
}

const char* side_word(const Settings& settings) {
    return settings.side == Settings::Side::source ? "-s" : "-d";
}

}  // namespace

Result<RuleText> RuleText::make(RuleClass rules, const Settings& settings) {
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::invalid, "iptables for " + rules.name() + ": " + what);
    };
    const auto params = rules.params();
    if (params.size() != 1 || (params[0].type != ParamType::address && params[0].type != ParamType::network))
        return wrong("an entry is about one address or network, and nothing else");
    const auto type = rules.value().type;
    if (type == ParamType::mac && settings.side == Settings::Side::destination)
        return wrong("only where a packet comes from has a MAC address");
    auto present = rules.only_value();
    if (type != ParamType::mark && type != ParamType::mac && (type != ParamType::word || !present))
        return wrong(
            "its value has to be a mark, a MAC address, or words of which all but one mean that there is "
            "no entry");
    RuleText made(std::move(rules), settings);
    made.present_ = present;
    return made;
}

Result<IpNetwork> RuleText::network_of(const RuleKey& key) const {
    const auto params = rules_.unpack(key);
    if (!params) return tl::unexpected(params.error());
    if (const auto* address = std::get_if<IpAddress>(&params->front())) return IpNetwork(*address);
    const auto network = std::get<IpNetwork>(params->front());
    if (network.prefix() == 0)
        return fail(ErrorCode::invalid,
                    network.text() + " is everything; iptables would show it as no address");
    return network;
}

Result<unsigned> RuleText::family(const RuleKey& key) const {
    const auto network = network_of(key);
    if (!network) return tl::unexpected(network.error());
    return network->address().is_v4() ? 4U : 6U;
}

Result<std::pair<unsigned, std::string>> RuleText::write(const RuleKey& key, const RuleValue& value) const {
    const auto network = network_of(key);
    if (!network) return tl::unexpected(network.error());
    const auto typed = rules_.unpack(value);
    if (!typed) return tl::unexpected(typed.error());
    std::string rule = std::string(side_word(settings_)) + " " + whole(*network);
    if (rules_.value().type == ParamType::mark)
        rule += " -j MARK --set-xmark " + hex(std::get<std::uint32_t>(*typed)) + "/0xffffffff";
    else if (rules_.value().type == ParamType::mac)
        rule += " -m mac ! --mac-source " + std::get<MacAddress>(*typed).text() + " -j DROP";
    else
        rule += " -j " + settings_.target;
    return std::pair(network->address().is_v4() ? 4U : 6U, std::move(rule));
}

std::optional<RuleValue> RuleText::value_in(const std::vector<std::string_view>& words) const {
    const auto is = [&](std::size_t at, std::string_view text) {
        return words.size() > at && words[at] == text;
    };
    std::string text;
    if (rules_.value().type == ParamType::mark) {
        constexpr std::string_view mask = "/0xffffffff";
        if (words.size() != 6 || !is(2, "-j") || !is(3, "MARK") || !is(4, "--set-xmark") ||
            !words[5].ends_with(mask))
            return std::nullopt;
        text = words[5].substr(0, words[5].size() - mask.size());
    } else if (rules_.value().type == ParamType::mac) {
        if (words.size() != 9 || !is(2, "-m") || !is(3, "mac") || !is(4, "!") || !is(5, "--mac-source") ||
            !is(7, "-j") || !is(8, "DROP"))
            return std::nullopt;
        text = words[6];
    } else {
        return words.size() == 4 && is(2, "-j") && is(3, settings_.target) ? present_ : std::nullopt;
    }
    const auto value = rules_.read_value(text);
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::pair<RuleKey, RuleValue>> RuleText::read(std::string_view rule) const {
    const auto words = words_of(rule);
    if (words.size() < 4 || words[0] != side_word(settings_)) return std::nullopt;
    const auto network = IpNetwork::parse(words[1]);
    if (!network || (rules_.params()[0].type == ParamType::address && !network->is_host()))
        return std::nullopt;
    const auto key = rules_.read_params(network->text());
    const auto value = value_in(words);
    if (!key || !value) return std::nullopt;
    return std::pair(*key, *value);
}

Chain parse_saved(std::string_view saved, const Settings& settings) {
    Chain chain;
    const std::string declared = ":" + settings.chain + " ";
    const std::string rule = "-A " + settings.chain + " ";
    const std::string jump = "-A " + settings.from + " -j " + settings.chain;
    while (!saved.empty()) {
        const auto end = saved.find('\n');
        const auto line = saved.substr(0, end);
        saved.remove_prefix(end == std::string_view::npos ? saved.size() : end + 1);
        if (line.starts_with(declared)) chain.exists = true;
        if (line.starts_with(rule)) chain.rules.emplace_back(line.substr(rule.size()));
        if (line == jump) chain.reached = true;
    }
    if (settings.from.empty()) chain.reached = true;
    return chain;
}

}  // namespace garita::iptables
