// Two readings of a file, compared.

#include "runtime/config/written.hpp"

#include <gmock/gmock.h>

namespace garita::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

WrittenSettings written(std::string_view text) {
    const auto document = Document::parse(text, "f.yml", Outside::ignore);
    EXPECT_TRUE(document.fine());
    return written_settings(document);
}

TEST(Written, a_default_written_out_is_no_change) {
    const auto before = written("hub:\n");
    const auto after = written("hub: {listen: \"127.0.0.1:8443\"}\nlog: {level: info}\n");
    EXPECT_THAT(changed_settings(before, after, TakenUp::on_reload), IsEmpty());
    EXPECT_THAT(changed_settings(before, after, TakenUp::on_start), IsEmpty());
}

TEST(Written, changes_are_told_by_when_they_are_taken_up) {
    const auto before = written("hub: {listen: \"127.0.0.1:1\"}\npeople: {ana: {role: operator}}\n");
    const auto after = written(
        "hub: {listen: \"127.0.0.1:2\"}\npeople: {eva: {role: operator}}\n"
        "policies: [{kind: x, mode: observe}]\n");
    EXPECT_THAT(changed_settings(before, after, TakenUp::on_start), ElementsAre("hub.listen"));
    const auto reloaded = changed_settings(before, after, TakenUp::on_reload);
    EXPECT_THAT(reloaded, testing::IsSupersetOf({"people.ana.role", "people.eva.role", "policies"}));
    EXPECT_THAT(changed_settings(after, before, TakenUp::on_reload),
                testing::UnorderedElementsAreArray(reloaded));
}

TEST(Written, a_secret_is_compared_and_not_kept) {
    const auto before = written("hub:\nagents: {a: {code: a-long-code}}\n");
    const auto after = written("hub:\nagents: {a: {code: b-long-code}}\n");
    EXPECT_THAT(changed_settings(before, after, TakenUp::on_reload), ElementsAre("agents.a.code"));
    EXPECT_THAT(before.at("agents.a.code").text, Not(HasSubstr("long")));
}

}  // namespace
}  // namespace garita::runtime
