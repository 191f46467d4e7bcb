#include "runtime/config/build.hpp"

#include "runtime/config/secret_node.hpp"

namespace garita::runtime {

Secret SecretFetcher::fetch(const Section& section, std::string_view key) {
    const Node* node = section.node(key);
    if (node == nullptr) return {};
    const SecretSource source = secret_source(*node);
    auto secret = fetch_secret(source);
    const auto complain = [&](std::string what) {
        problems_.push_back(
            {Problem::Weight::error, node->position, std::string(key), std::move(what), "", ""});
        return Secret();
    };
    if (!secret) return complain(secret.error().text);
    if (!long_enough(section.setting(key), *secret))
        return complain("the secret in " + describe(source) + " is too short");
    return std::move(*secret);
}

LogConfig build_log(const Section& log) {
    LogConfig config;
    const std::string level = log.text("level");
    for (const LogLevel known : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error})
        if (to_string(known) == level) config.level = known;
    config.format = log.text("format") == "json" ? LogFormat::json : LogFormat::text;
    return config;
}

Result<Document> read_checked(const std::filesystem::path& file, FileKind kind) {
    Document document = Document::read(file);
    std::string text;
    for (const std::string& line : document.texts(Problem::Weight::error))
        text += (text.empty() ? "" : "\n") + line;
    if (!text.empty()) return fail(ErrorCode::invalid, std::move(text));
    if (document.kind() != kind)
        return fail(ErrorCode::invalid, file.string() + ": this is " +
                                            (kind == FileKind::hub ? "an agent" : "a hub") + "'s file, but " +
                                            (kind == FileKind::hub ? "a hub" : "an agent") + "'s is needed");
    return document;
}

tl::unexpected<Error> failed_secrets(const Document& document, const SecretFetcher& secrets) {
    std::string text;
    for (const Problem& problem : secrets.problems())
        text += (text.empty() ? "" : "\n") + problem.text(document.name());
    return fail(ErrorCode::invalid, std::move(text));
}

}  // namespace garita::runtime
