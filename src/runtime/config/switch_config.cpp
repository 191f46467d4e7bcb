#include "runtime/config/switch_config.hpp"

#include <functional>

#include "runtime/config/build.hpp"
#include "runtime/config/further_files.hpp"
#include "runtime/config/switch_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

constexpr FileKeys of_files = {{"switches", "login"}, "access"};
constexpr std::array<std::string_view, 2> secret_keys = {"password", "enable_secret"};

/// A `login`, its secrets fetched once for all switches that have them from it.
struct Login {
    Section section;
    std::map<std::string_view, Secret> secrets;
};

/// What holds for one switch: its own words, its file's login, the hub's login, the defaults.
class SwitchReading {
  public:
    SwitchReading(const Section& own, const std::vector<Login>& logins, SecretFetcher* secrets)
        : own_(own), logins_(logins), secrets_(secrets) {}

    SwitchConfig read(const std::string& name) const {
        SwitchConfig config;
        config.name = name;
        config.address = IpAddress::parse(own_.text("address")).value_or(IpAddress{});
        for (const auto& alias : own_.texts("aliases"))
            config.aliases.push_back(alias_spelling(alias));
        for (const auto& key : own_.texts("host_keys"))
            if (auto spelled = parse_host_key(key)) config.host_keys.push_back(std::move(*spelled));
        config.never = own_.texts("never");
        config.dry_run = own_.yes("dry_run");
        read_login(config);
        return config;
    }

  private:
    void read_login(SwitchConfig& config) const {
        const bool telnet = text("transport") == "telnet";
        config.driver = text("driver");
        config.transport = telnet ? SwitchConfig::Transport::telnet : SwitchConfig::Transport::ssh;
        config.port =
            static_cast<std::uint16_t>(says("port").integer_if_given("port").value_or(telnet ? 23 : 22));
        config.user = text("user");
        config.key_file = text("key_file");
        config.password = secret("password");
        config.enable_secret = secret("enable_secret");
        config.algorithms = text("algorithms") == "legacy" ? SwitchConfig::Algorithms::legacy
                                                           : SwitchConfig::Algorithms::modern;
        config.connect_within = says("connect_within").span("connect_within");
        config.answer_within = says("answer_within").span("answer_within");
        config.save_within = says("save_within").span("save_within");
    }

    /// The section that says it; the last one has the defaults.
    [[nodiscard]] const Section& says(std::string_view key) const {
        if (own_.given(key)) return own_;
        for (const auto& login : logins_)
            if (login.section.given(key)) return login.section;
        return logins_.back().section;
    }
    [[nodiscard]] std::string text(std::string_view key) const { return says(key).text(key); }
    [[nodiscard]] Secret secret(std::string_view key) const {
        if (secrets_ == nullptr) return {};
        if (own_.given(key)) return secrets_->fetch(own_, key);
        for (const auto& login : logins_)
            if (login.section.given(key)) return login.secrets.at(key);
        return {};
    }

    const Section& own_;
    const std::vector<Login>& logins_;
    SecretFetcher* secrets_;
};

class InventoryReading {
  public:
    InventoryReading(const Section& access, FetchSecrets fetch)
        : access_(access), fetch_(fetch), check_(access.networks("excluded")) {}

    Result<Inventory> run(const std::string& file) {
        take(access_, "access", file);
        const std::filesystem::path more = access_.text("inventory");
        if (!more.empty()) {
            const auto files = files_of(more);
            if (!files) return tl::unexpected(files.error());
            for (const auto& path : *files)
                if (const auto taken = take_file(path.string()); !taken) return tl::unexpected(taken.error());
            if (made_.switches.empty()) complain(more.string() + ": there is no switch in it");
        }
        if (!problems_.empty()) return fail(ErrorCode::invalid, problems_);
        return std::move(made_);
    }

  private:
    void complain(const std::string& line) { problems_ += (problems_.empty() ? "" : "\n") + line; }

    /// `switches` of this file with its login.
    void take(const Section& section, const std::string& path, const std::string& file) {
        const bool own = section.node() == access_.node();
        std::vector<Problem> wrong;
        check_.check(*section.node(), own ? std::vector<const Node*>{} : std::vector{access_.node("login")},
                     path, file, wrong);
        for (const auto& problem : wrong)
            if (problem.weight == Problem::Weight::error) complain(problem.text(file));
        SecretFetcher secrets;
        std::vector<Login> logins{login_of(section, secrets)};
        if (!own) logins.push_back(login_of(access_, hub_secrets_));
        section.each_named("switches", [&](const std::string& name, const Section& one) {
            const SwitchReading reading(one, logins, fetch_ == FetchSecrets::yes ? &secrets : nullptr);
            made_.switches.push_back(reading.read(name));
            made_.switches.back().place = place_of(section, name, file);
        });
        for (const auto& problem : secrets.problems())
            complain(problem.text(file));
    }

    Login login_of(const Section& section, SecretFetcher& secrets) const {
        Login login{section.section("login"), {}};
        if (fetch_ == FetchSecrets::yes)
            for (const auto key : secret_keys)
                login.secrets.emplace(key, secrets.fetch(login.section, key));
        return login;
    }

    static WrittenPlace place_of(const Section& section, std::string_view name, const std::string& file) {
        for (const auto& entry : section.node("switches")->entries)
            if (entry.key == name) return {file, entry.position.line};
        return {file, 0};
    }

    Result<void> take_file(const std::string& file) {
        const auto text = content_of(file);
        if (!text) return tl::unexpected(text.error());
        made_.files.emplace(file, std::hash<std::string>()(*text));
        const YamlTree tree = read_yaml(*text);
        const Shape& shape = *shape_of(FileKind::hub).find("access");
        if (const auto fine = check_file(tree, file, shape, of_files, Outside::look); !fine) return fine;
        if (tree.root.kind == Node::Kind::map) take(Section(&tree.root, shape), "", file);
        return {};
    }

    const Section& access_;
    FetchSecrets fetch_;
    SwitchCheck check_;
    SecretFetcher hub_secrets_;  ///< what is wrong with them was told with the hub's own file
    Inventory made_;
    std::string problems_;
};

}  // namespace

Result<Inventory> read_inventory(const Section& section, const std::string& file, FetchSecrets fetch) {
    return InventoryReading(section, fetch).run(file);
}

}  // namespace garita::runtime
