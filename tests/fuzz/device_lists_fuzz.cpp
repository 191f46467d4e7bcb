// What devices say of their rules: lists of commands, of ipfw, of iptables, and the kernel's of ipset.
// Invariants: an entry that is read can be written, and is read again as the same; in which pieces a list
// comes does not matter; nothing is read out of bounds.

#include <array>
#include <span>
#include <string>
#include <vector>

#include "adapters/command/list_reader.hpp"
#include "adapters/ipfw/words.hpp"
#include "adapters/ipset/element.hpp"
#include "adapters/iptables/chain.hpp"
#include "model/ready_classes.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

using Entries = std::vector<std::pair<RuleKey, RuleValue>>;

const RuleClass& rules(std::size_t which) {
    static const std::array<RuleClass, 5> all{*ready_class("inet_access"), *ready_class("ip_mark"),
                                              *ready_class("mac_ip"), *ready_class("shaping_in"),
                                              RuleClass("nets", {[] {
                                                            ParamSpec spec;
                                                            spec.name = "ip";
                                                            spec.type = ParamType::network;
                                                            return spec;
                                                        }()},
                                                        ready_class("ip_mark")->value())};
    return all[which % all.size()];
}

Entries listed(const command::ListPattern& pattern, std::string_view text, std::size_t piece) {
    Entries entries;
    const enforce::EntrySink sink = [&](const RuleKey& key, const RuleValue& value) {
        entries.emplace_back(key, value);
    };
    command::ListReader reader(pattern, sink);
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        reader.take(text.substr(0, piece));
    reader.finish();
    return entries;
}

void command_list(const RuleClass& of, std::string_view text) {
    const auto pattern = command::ListPattern::make(of, R"(^(?P<ip>\S+)\s+(?P<value>\S+))");
    must(pattern.has_value());
    const auto whole = listed(*pattern, text, text.size() + 1);
    must(listed(*pattern, text, 1) == whole && listed(*pattern, text, 7) == whole);
    for (const auto& [key, value] : whole)
        must(of.read_params(of.params_text(key)) == key && of.read_value(of.value_text(value)) == value);
}

void ipfw_lines(std::string_view text) {
    (void)ipfw::parse_items(text);
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (const auto entry = ipfw::parse_entry(line))
            must(ipfw::parse_entry(entry->first.text() + " " + std::to_string(entry->second)) == entry);
        if (const auto pipe = ipfw::parse_pipe(line))
            must(ipfw::told_exactly(pipe->second) || line.size() > 10);
    }
}

void iptables_chain(const RuleClass& of, std::string_view text) {
    iptables::Settings settings;
    settings.chain = "x";
    const auto kind = iptables::RuleText::make(of, settings);
    const auto chain = iptables::parse_saved(text, settings);
    if (!kind) return;
    for (const auto& rule : chain.rules) {
        const auto entry = kind->read(rule);
        if (!entry) continue;
        const auto written = kind->write(entry->first, entry->second);
        must(written ? kind->read(written->second) == entry : of.params()[0].type == ParamType::network);
    }
}

void ipset_element(const RuleClass& of, std::span<const std::byte> bytes) {
    const auto shape = ipset::Shape::of(of);
    if (!shape) return;
    const auto entry = ipset::parse_element(runtime::NetlinkAttribute{0, bytes}, *shape);
    if (!entry) return;
    must(shape->holds(entry->first));
    alignas(8) std::array<std::byte, 256> buffer{};
    auto& message = *reinterpret_cast<nlmsghdr*>(buffer.data());
    message.nlmsg_len = NLMSG_HDRLEN;
    ipset::put_element(message, *shape, entry->first, &entry->second);
    const runtime::NetlinkAttribute again{
        0, std::span<const std::byte>(buffer).subspan(NLMSG_HDRLEN, message.nlmsg_len - NLMSG_HDRLEN)};
    must(ipset::parse_element(again, *shape) == entry);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 16'384) return 0;
    const auto& of = rules(data[0]);
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    command_list(of, text);
    ipfw_lines(text);
    iptables_chain(of, text);
    const std::vector<std::byte> copy(reinterpret_cast<const std::byte*>(data + 1),
                                      reinterpret_cast<const std::byte*>(data + size));
    ipset_element(of, copy);
    return 0;
}
