#include "programs/class_backends/class_backends.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "adapters/nft_classes/nft_class_backend.hpp"
#include "runtime/clock/clock.hpp"

namespace garita::programs {
namespace {

using nft_classes::Effect;
using runtime::DeviceClassConfig;

std::string option(const DeviceClassConfig& config, std::string_view name) {
    const auto found = config.options.find(name);
    return found == config.options.end() ? std::string() : found->second;
}

tl::unexpected<Error> refuse(const DeviceClassConfig& config, const std::string& why) {
    return fail(ErrorCode::invalid, "rules " + config.name() + ": " + why);
}

/// What fits the value: access by its two words, marks, bindings.
std::optional<Effect> effect_of(const DeviceClassConfig& config) {
    const auto type = config.rules.value().type;
    if (type == ParamType::mark) return Effect::mark;
    if (type == ParamType::mac) return Effect::bind;
    const auto word = config.rules.only_value();
    if (!word) return std::nullopt;
    if (config.kind == "pass") return Effect::open;
    if (config.kind == "drop") return Effect::closed;
    if (config.kind == "set") return Effect::none;
    const auto text = config.rules.value_text(*word);
    return text == "open" ? Effect::open : text == "closed" ? Effect::closed : Effect::none;
}

Result<std::uint32_t> capacity(const DeviceClassConfig& config, std::string_view name,
                               std::uint32_t otherwise) {
    const auto text = option(config, name);
    if (text.empty()) return otherwise;
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 256 || number > 64'000'000)
        return refuse(config, "option " + std::string(name) + ": a number from 256 to 64000000 is wanted");
    return number;
}

/// "a, b" → a, b
std::vector<std::string> names_in(const std::string& text) {
    std::vector<std::string> names;
    std::string name;
    for (const char c : text + ',') {
        if (c != ',' && c != ' ') {
            name += c;
            continue;
        }
        if (!name.empty()) names.push_back(std::move(name));
        name.clear();
    }
    return names;
}

bool fits_nftables(const std::string& name) {
    return !name.empty() && name.size() <= 24 && std::isalpha(static_cast<unsigned char>(name[0])) != 0 &&
           std::all_of(name.begin(), name.end(),
                       [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
}

}  // namespace

Result<nft_classes::NftClass> nft_class(const DeviceClassConfig& config) {
    nft_classes::NftClass made;
    made.name = config.table.empty() ? config.name() : config.table;
    if (!fits_nftables(made.name))
        return refuse(config, "nftables needs a `table` of 1 to 24 letters, digits, '_' and '-'");
    if (config.rules.params().size() != 1 || config.rules.params()[0].type != ParamType::address)
        return refuse(config, "nftables holds rules with one parameter, an address");
    const auto effect = effect_of(config);
    if (!effect)
        return refuse(
            config, "nftables holds marks, MAC addresses, and values of two words one of which is `absent`");
    made.effect = *effect;
    if (const auto word = config.rules.only_value()) made.present = *word;
    made.interface = option(config, "interface");
    if (made.interface.size() > 15) return refuse(config, "option interface: no interface is called so");
    const auto first = capacity(config, "capacity", made.capacity);
    const auto most = capacity(config, "most", made.most);
    if (!first) return tl::unexpected(first.error());
    if (!most) return tl::unexpected(most.error());
    made.capacity = *first;
    made.most = std::max(*most, *first);
    return made;
}

Result<std::unique_ptr<enforce::ClassBackend>> ClassBackends::make_nftables(const DeviceClassConfig& config) {
    const auto made = nft_class(config);
    if (!made) return tl::unexpected(made.error());
    if (!table_) {
        auto table = nft_classes::NftTable::open();
        if (!table) return tl::unexpected(table.error());
        table_ = std::move(*table);
    }
    return std::make_unique<nft_classes::NftClassBackend>(table_, *made);
}

Result<std::unique_ptr<enforce::ClassBackend>> ClassBackends::make_backend(const DeviceClassConfig& config) {
    if (device_.connect == runtime::DeviceConfig::Connect::local && config.backend == "nftables")
        return make_nftables(config);
    if (device_.connect == runtime::DeviceConfig::Connect::agent)
        return refuse(config, "an agent does not carry out rules of classes yet");
    if (config.backend == "nftables")
        return refuse(config, "nftables is spoken to by the kernel of the same machine only");
    return programs_.make(config);
}

Result<enforce::KeptClass> ClassBackends::make(const DeviceClassConfig& config) {
    auto backend = make_backend(config);
    if (!backend) return tl::unexpected(backend.error());
    enforce::KeptClass kept;
    kept.name = config.name();
    kept.absent = config.rules.absent();
    kept.after = names_in(option(config, "after"));
    const auto foreign = option(config, "foreign");
    if (!foreign.empty() && foreign != "remove" && foreign != "report")
        return refuse(config, "option foreign: remove or report is wanted");
    if (foreign == "report") kept.foreign = enforce::ForeignEntries::report;
    if (auto sink = calls_ ? calls_(config) : nullptr)
        *backend = std::make_unique<enforce::TracedBackend>(std::move(*backend), std::move(sink),
                                                            runtime::system_now);
    kept.backend = backend->get();
    backends_.push_back(std::move(*backend));
    return kept;
}

}  // namespace garita::programs
