#include "adapters/iptables/iptables_backend.hpp"

#include <algorithm>
#include <unordered_map>

namespace garita::iptables {
namespace {

using enforce::ChangeFailure;
using enforce::ClassChange;

constexpr std::size_t longest_chain = 28;
constexpr std::size_t longest_list = std::size_t{64} << 20U;
// The share of its own time that looking for changes may take.
constexpr int looking_share = 50;

bool name(std::string_view text, std::size_t longest) {
    return !text.empty() && text.size() <= longest && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
           });
}

/// "/usr/sbin/iptables-legacy" → "/usr/sbin/ip6tables-legacy"
std::string for_v6(const std::string& program) {
    const auto at = program.rfind("iptables");
    return program.substr(0, at) + "ip6tables" + program.substr(at + 8);
}

std::size_t digest(const Chain& chain) {
    std::string all(chain.reached ? "1" : "0");
    for (const auto& rule : chain.rules)
        all.append(rule).append("\n");
    return std::hash<std::string>{}(all);
}

}  // namespace

IptablesBackend::IptablesBackend(RuleText text, Settings settings, runtime::CommandRunner& runner)
    : text_(std::move(text)), settings_(std::move(settings)), runner_(runner) {
    const auto v6 = for_v6(settings_.program);
    families_ = {Family{4, settings_.program + "-save", settings_.program + "-restore"},
                 Family{6, v6 + "-save", v6 + "-restore"}};
}

Result<std::unique_ptr<IptablesBackend>> IptablesBackend::make(RuleClass rules, Settings settings,
                                                               runtime::CommandRunner& runner) {
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::invalid, "iptables for " + rules.name() + ": " + what);
    };
    if (!name(settings.chain, longest_chain))
        return wrong("\"" + settings.chain + "\" is no name of a chain: 1 to 28 letters, digits, _ and -");
    if (!name(settings.table, longest_chain) || !name(settings.target, longest_chain) ||
        (!settings.from.empty() && !name(settings.from, longest_chain)))
        return wrong("table, target and the chain to come from are names of letters, digits, _ and -");
    if (settings.from == settings.chain) return wrong("a chain cannot come from itself");
    if (settings.program.empty() || settings.program.front() != '/' ||
        settings.program.rfind("iptables") == std::string::npos)
        return wrong("the program has to be an absolute path, as /usr/sbin/iptables-legacy");
    auto text = RuleText::make(std::move(rules), settings);
    if (!text) return tl::unexpected(text.error());
    return std::unique_ptr<IptablesBackend>(
        new IptablesBackend(std::move(*text), std::move(settings), runner));
}

Result<Chain> IptablesBackend::read(const Family& family) {
    runtime::Command command{{family.save, "-t", settings_.table}};
    command.limits.total = settings_.limit;
    command.limits.output = longest_list;
    const auto end = runner_.run(command);
    if (!end) return tl::unexpected(end.error());
    if (!end->exited_with(0))
        return fail(ErrorCode::io, family.save + " " + runtime::describe(*end), Retry::later);
    return parse_saved(end->output, settings_);
}

Result<void> IptablesBackend::restore(const Family& family, const std::string& lines) {
    // Of others' rules and chains only those that are named here are touched; the lock of old kernels is
    // waited for.
    runtime::Command command{{family.restore, "-w", "10", "--noflush"}};
    command.limits.total = settings_.limit;
    command.input = "*" + settings_.table + "\n" + lines + "COMMIT\n";
    const auto end = runner_.run(command);
    if (!end) return tl::unexpected(end.error());
    if (!end->exited_with(0))
        return fail(ErrorCode::io, family.restore + " " + runtime::describe(*end), Retry::later);
    return {};
}

Result<void> IptablesBackend::prepare() {
    for (auto& family : families_) {
        const auto chain = read(family);
        if (!chain) return tl::unexpected(chain.error());
        std::string lines;
        // To name a chain that is there would empty it.
        if (!chain->exists) lines += ":" + settings_.chain + " - [0:0]\n";
        if (!chain->reached) lines += "-I " + settings_.from + " 1 -j " + settings_.chain + "\n";
        if (lines.empty()) continue;
        if (auto made = restore(family, lines); !made) return made;
        family.known.reset();
        if (chain->exists) continue;
        const auto fresh = read(family);
        if (!fresh) return tl::unexpected(fresh.error());
        family.known = digest(*fresh);
    }
    return {};
}

Result<void> IptablesBackend::change(Family& family, const std::vector<ClassChange>& changes) {
    if (changes.empty()) return {};
    const auto chain = read(family);
    if (!chain) return tl::unexpected(chain.error());
    if (!chain->exists)
        return fail(ErrorCode::conflict, "there is no chain " + settings_.chain + " any more", Retry::later);
    std::unordered_map<RuleKey, std::vector<const std::string*>> there;
    for (const auto& rule : chain->rules)
        if (const auto entry = text_.read(rule)) there[entry->first].push_back(&rule);
    std::string lines;
    for (const auto& one : changes) {
        const auto found = there.find(one.key);
        const bool wanted = one.after && one.after != text_.rules().absent();
        if (wanted && found != there.end() && found->second.size() == 1 &&
            text_.read(*found->second[0])->second == *one.after)
            continue;
        if (found != there.end())
            for (const auto* rule : found->second)
                lines += "-D " + settings_.chain + " " + *rule + "\n";
        if (wanted) lines += "-A " + settings_.chain + " " + text_.write(one.key, *one.after)->second + "\n";
    }
    if (lines.empty()) return {};
    if (auto done = restore(family, lines); !done) return done;
    // What others did before this stays to be told.
    if (family.known != digest(*chain)) return {};
    const auto left = read(family);
    if (!left) return tl::unexpected(left.error());
    family.known = digest(*left);
    return {};
}

Result<std::vector<ChangeFailure>> IptablesBackend::apply(std::span<const ClassChange> changes) {
    std::vector<ChangeFailure> failures;
    std::array<std::vector<ClassChange>, 2> by_family;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto family = text_.family(changes[i].key);
        // a value of another class must not stop the others
        const auto value = changes[i].after ? text_.rules().unpack(*changes[i].after) : ParamValue{};
        if (!family || !value)
            failures.push_back({i, family ? value.error() : family.error()});
        else
            by_family[*family == 4 ? 0 : 1].push_back(changes[i]);
    }
    for (std::size_t i = 0; i < families_.size(); ++i)
        if (auto done = change(families_[i], by_family[i]); !done) return tl::unexpected(done.error());
    return failures;
}

Result<void> IptablesBackend::read_back(const enforce::EntrySink& entry) {
    for (auto& family : families_) {
        const auto chain = read(family);
        if (!chain) return tl::unexpected(chain.error());
        if (!chain->exists)
            return fail(ErrorCode::not_found, "there is no chain " + settings_.chain, Retry::later);
        for (const auto& rule : chain->rules)
            if (const auto found = text_.read(rule)) entry(found->first, found->second);
        family.known = digest(*chain);
    }
    return {};
}

Result<std::vector<ChangeFailure>> IptablesBackend::rebuild(const enforce::EntrySource& all,
                                                            std::size_t count) {
    (void)count;
    std::vector<ChangeFailure> failures;
    // To name a chain empties it, in the commit that fills it again.
    const std::string begun = ":" + settings_.chain + " - [0:0]\n";
    std::array<std::string, 2> lines{begun, begun};
    std::size_t position = 0;
    all([&](const RuleKey& key, const RuleValue& value) {
        if (const auto rule = text_.write(key, value); rule)
            lines[rule->first == 4 ? 0 : 1] += "-A " + settings_.chain + " " + rule->second + "\n";
        else
            failures.push_back({position, rule.error()});
        ++position;
    });
    for (std::size_t i = 0; i < families_.size(); ++i) {
        const auto chain = read(families_[i]);
        if (!chain) return tl::unexpected(chain.error());
        if (!chain->reached) lines[i] += "-I " + settings_.from + " 1 -j " + settings_.chain + "\n";
        if (auto done = restore(families_[i], lines[i]); !done) return tl::unexpected(done.error());
        const auto left = read(families_[i]);
        if (!left) return tl::unexpected(left.error());
        families_[i].known = digest(*left);
    }
    return failures;
}

Result<enforce::Drift> IptablesBackend::check(std::size_t count) {
    const auto begun = Clock::now();
    if (begun < look_after_) return enforce::Drift::none;
    std::size_t entries = 0;
    bool changed = false;
    for (const auto& family : families_) {
        const auto chain = read(family);
        if (!chain) return tl::unexpected(chain.error());
        if (!chain->exists || !chain->reached) return enforce::Drift::structure;
        entries += chain->rules.size();
        changed = changed || (family.known && family.known != digest(*chain));
    }
    const auto took = Clock::now() - begun;
    look_after_ = took > std::chrono::milliseconds(50) ? begun + took * looking_share : Clock::time_point{};
    return changed || entries != count ? enforce::Drift::possible : enforce::Drift::none;
}

Result<void> IptablesBackend::remove_all() {
    for (auto& family : families_) {
        const auto chain = read(family);
        if (!chain) return tl::unexpected(chain.error());
        std::string lines;
        if (chain->reached && !settings_.from.empty())
            lines += "-D " + settings_.from + " -j " + settings_.chain + "\n";
        if (chain->exists) lines += "-F " + settings_.chain + "\n-X " + settings_.chain + "\n";
        if (!lines.empty())
            if (auto done = restore(family, lines); !done) return done;
        family.known.reset();
    }
    return {};
}

}  // namespace garita::iptables
