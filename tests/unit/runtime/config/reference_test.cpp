// What is made of the table.

#include "runtime/config/reference.hpp"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "runtime/config/report.hpp"
#include "runtime/config/shape.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class BothKinds : public testing::TestWithParam<FileKind> {};
INSTANTIATE_TEST_SUITE_P(Files, BothKinds, testing::Values(FileKind::hub, FileKind::agent),
                         [](const auto& kind) { return std::string(to_string(kind.param)); });

TEST_P(BothKinds, each_row_is_sound) {
    std::set<std::string_view> paths;
    for (const Setting& setting : settings(GetParam())) {
        SCOPED_TRACE(setting.path);
        EXPECT_TRUE(paths.insert(setting.path).second) << "stands twice";
        EXPECT_FALSE(setting.help.empty());
        EXPECT_TRUE(setting.help.ends_with('.')) << "help is a sentence";
        const bool number = setting.type == ValueType::integer || setting.type == ValueType::percent;
        EXPECT_EQ(number, parse_integer_range(setting.range).has_value());
        EXPECT_EQ(setting.type == ValueType::span, parse_span_range(setting.range).has_value());
        EXPECT_TRUE(setting.type != ValueType::choice || !split_names(setting.range).empty());
        EXPECT_TRUE(setting.need == Need::optional || setting.fallback.empty()) << "a default, yet required";
        if (setting.type == ValueType::section || setting.fallback.empty()) continue;
        Node node;
        node.kind = Node::Kind::scalar;
        node.scalar = setting.fallback;
        const auto complaint = check_value(setting, node, Outside::ignore);
        EXPECT_FALSE(complaint) << "its own default: " << complaint->what;
    }
}

TEST_P(BothKinds, each_place_of_the_tree_has_a_row) {
    const std::function<void(const Shape&, const std::string&)> visit = [&](const Shape& shape,
                                                                            const std::string& path) {
        for (const auto& [key, child] : shape.keys) {
            EXPECT_NE(child.setting, nullptr) << path << '.' << key;
            visit(child, path + '.' + key);
        }
        if (shape.any_key) {
            EXPECT_NE(shape.any_key->setting, nullptr) << path << ".*";
            visit(*shape.any_key, path + ".*");
        }
        if (shape.item) {
            EXPECT_NE(shape.item->setting, nullptr) << path << "[]";
            visit(*shape.item, path + "[]");
        }
    };
    visit(shape_of(GetParam()), "");
}

TEST_P(BothKinds, the_annotated_example_passes_its_own_check) {
    const auto document = Document::parse(annotated_example(GetParam()), "example", Outside::ignore);
    EXPECT_THAT(document.texts(Problem::Weight::error), IsEmpty());
    EXPECT_THAT(document.texts(Problem::Weight::warning), IsEmpty());
    EXPECT_EQ(document.kind(), GetParam());
}

TEST_P(BothKinds, the_annotated_example_has_every_setting) {
    const std::string example = annotated_example(GetParam());
    for (const Setting& setting : settings(GetParam())) {
        const std::size_t start = setting.path.find_last_of('.');
        const std::string_view key = setting.path.substr(start == std::string_view::npos ? 0 : start + 1);
        if (key == "*" || key.ends_with("[]")) continue;
        EXPECT_THAT(example, HasSubstr(std::string(key) + ":")) << setting.path;
    }
}

TEST(Reference, the_committed_manual_is_the_generated_one) {
    std::ifstream file(GARITA_SOURCE_DIR "/docs/configuration.md");
    std::stringstream committed;
    committed << file.rdbuf();
    EXPECT_EQ(committed.str(), reference_markdown())
        << "run: build/bin/garita check --reference > docs/configuration.md";
}

TEST(Report, says_in_a_line_what_a_fine_file_means) {
    const auto hub = Document::parse(
        "hub:\nagents: {a: {code: a-long-code}}\npeople: {ana: {}, eva: {}}\n"
        "telegram: {token: 1234567890123456, chats: [{id: 1}]}\npolicies: [{kind: x1}, {kind: x2}, {}]\n"
        "devices: {border1: {rules: {ip_mark: {backend: nftables}}}}\n",
        "hub.yml", Outside::ignore);
    EXPECT_EQ(report_text(hub),
              "hub.yml: fine: 1 agent, 2 people, Telegram to 1 chat, 3 policies, rules on 1 device\n");
    const auto agent = Document::parse(
        "agent: {name: web1, hub: https://hub, code: a-long-code}\ndetectors: {cpu_load: {enabled: no}}\n",
        "agent.yml", Outside::ignore);
    EXPECT_EQ(report_text(agent),
              "agent.yml: fine: web1 at https://hub, watches ssh_sessions, http_errors\n");
}

TEST(Report, counts_mistakes_and_gives_them_to_programs) {
    const auto document = Document::parse("hub: {listen: \"a\\\"b\"}\n", "hub.yml", Outside::ignore);
    EXPECT_THAT(report_text(document), HasSubstr("\nhub.yml: 1 mistake\n"));
    EXPECT_EQ(
        report_json({document}),
        R"({"files": [{"file": "hub.yml", "kind": "hub", "fine": false, "summary": "", "problems": [)"
        R"({"weight": "error", "line": 1, "column": 15, "path": "hub.listen", "what": "'a\"b' does not fit", )"
        R"("allowed": "HOST:PORT, an IPv6 address in []", "nearest": ""}]}]})"
        "\n");
}

}  // namespace
}  // namespace garita::runtime
