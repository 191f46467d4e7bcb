// What no single row of the settings of webhooks and programs can say.

#include <algorithm>

#include "runtime/config/checker.hpp"
#include "runtime/config/rule_check.hpp"
#include "runtime/config/sink_config.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"
#include "runtime/config/webhook_url.hpp"
#include "runtime/json/text.hpp"
#include "runtime/text_template/text_template.hpp"

namespace garita::runtime {

namespace {

void check_url(RuleCheck& check) {
    if (!check.given("url")) return;  // it stands elsewhere, and is read at the start
    const bool insecure = parse_yes_no(check.text("insecure")) == true;
    const auto plain = insecure ? Plain::anywhere : Plain::loopback;
    const auto url = parse_webhook_url(check.text("url"), plain);
    if (!url) return check.error("url", url.error().text);
    if (!url->origin.starts_with("https://"))
        for (const std::string_view key : {"ca", "pin"})
            if (check.given(key)) check.error(key, "there is no certificate without TLS", "https://");
    if (check.text("preset") == "ntfy" && url->target.find_first_not_of('/') == std::string::npos)
        check.error("url", "the topic is missing behind the server", "https://ntfy.sh/TOPIC");
    if (check.text("preset") == "matrix" && url->target != "/")
        check.error("url", "preset matrix wants the server alone", "https://matrix.example.org");
}

void check_body(RuleCheck& check) {
    if (!check.given("body")) {
        if (check.given("content_type")) check.warning("content_type", "has no effect: it goes with `body`");
        return;
    }
    const auto type = check.given("content_type") ? check.text("content_type") : "application/json";
    const auto usual = is_json(type) ? TextTemplate::Filter::json : TextTemplate::Filter::plain;
    const auto body = TextTemplate::parse(check.text("body"), sink_placeholders(), usual);
    if (!body) return check.error("body", body.error().text);
    if (!is_json(type)) return;
    // a number fits inside quotes and, for {id} and the like, outside
    const auto filled = body->fill([](std::string_view) { return "1"; });
    if (const auto read = json::parse(filled, "the body"); !read)
        check.error("body", "once filled in it is not JSON: " + read.error().text,
                    "another content_type, where it is not meant to be");
}

void check_presets(RuleCheck& check) {
    const bool matrix = check.text("preset") == "matrix";
    if (matrix && !check.given("room")) check.error("room", "preset matrix needs the id of a `room`");
    if (!matrix && check.given("room")) check.warning("room", "has no effect: it goes with preset matrix");
    if (matrix && check.given("method")) check.warning("method", "has no effect with preset matrix");
    const bool secret = check.given("secret") || check.has_entries("secret");
    if (!secret && (check.given("old_secret") || check.has_entries("old_secret")))
        check.error("old_secret", "`old_secret` goes with a `secret`, which takes its place");
    if (check.given("pin") && check.given("ca"))
        check.warning("ca", "has no effect beside `pin`, which says whose key it is");
}

void check_headers(const Node& headers, const std::string& path, std::vector<Problem>& problems) {
    for (const Node::Entry& header : headers.entries) {
        std::string name = header.key;
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        });
        RuleCheck check(header.value, path + '.' + header.key, problems);
        if (name.starts_with("webhook-") || name == "content-length" || name == "host" ||
            name == "transfer-encoding" || name == "connection")
            check.error("", "this field is Garita's own");
        if (name == "content-type") check.error("", "this field has a setting of its own", "content_type");
        if (header.value.kind == Node::Kind::scalar &&
            std::any_of(header.value.scalar.begin(), header.value.scalar.end(),
                        [](unsigned char c) { return c < ' ' || c == 127; }))
            check.error("", "a header field is one line");
    }
}

void check_command(const Node& command, const std::string& path, std::vector<Problem>& problems) {
    for (std::size_t i = 0; i < command.items.size(); ++i) {
        RuleCheck check(command.items[i], path + '[' + std::to_string(i) + ']', problems);
        const std::string& word = command.items[i].scalar;
        const auto read = TextTemplate::parse(word, sink_placeholders(), TextTemplate::Filter::plain);
        if (!read) check.error("", read.error().text);
        if (i == 0 && (!is_absolute_path(word) || (read && !read->is_fixed())))
            check.error("", "the program is an absolute path without placeholders", "/usr/bin/apprise");
    }
}

}  // namespace

void check_sinks(const Node& root, std::vector<Problem>& problems) {
    for (const Node::Entry& webhook : at(root, "webhooks").entries) {
        const auto path = "webhooks." + webhook.key;
        RuleCheck check(webhook.value, path, problems);
        check_url(check);
        check_body(check);
        check_presets(check);
        check_headers(at(webhook.value, "headers"), path + ".headers", problems);
        check_kinds(at(webhook.value, "kinds"), path + ".kinds", problems);
    }
    for (const Node::Entry& program : at(root, "exec").entries) {
        const auto path = "exec." + program.key;
        check_command(at(program.value, "command"), path + ".command", problems);
        check_kinds(at(program.value, "kinds"), path + ".kinds", problems);
    }
}

}  // namespace garita::runtime
