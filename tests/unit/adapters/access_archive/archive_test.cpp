// The archive among a store in memory, a folder of the test's own, and a clock that the test moves.

#include "adapters/access_archive/archive.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "fakes/memory_access_book.hpp"
#include "fakes/memory_letter_book.hpp"
#include "fakes/memory_store.hpp"

namespace garita::access_archive {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Duration day = 24h;

class AccessArchive : public testing::Test {
  protected:
    AccessArchive() {
        auto pattern = (fs::temp_directory_path() / "garita-archive-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
        directory = pattern;
        folder = directory / "access-archive";
        start();
    }
    ~AccessArchive() override { fs::remove_all(directory); }

    /// As after a start of the hub.
    void start() {
        archive.emplace(store, book, letters, Archive::Settings{folder, 100 * day, 30 * day, {}});
    }
    void write(const std::function<void(store::Transaction&)>& work) {
        const auto done = store.write([&](store::Transaction& tx) -> Result<void> {
            work(tx);
            return {};
        });
        ASSERT_TRUE(done) << done.error().text;
    }
    AccessId add(int n, AccessState state = AccessState::done) {
        AccessRequest request;
        request.mac.bytes[5] = static_cast<std::uint8_t>(n);
        request.state = state;
        request.approver = "ana";
        request.channel = "mail";
        request.created_at = now - 1h;
        if (!is_open(state)) request.ended_at = now;
        AccessId id;
        write([&](store::Transaction& tx) { id = book.insert(tx, request); });
        add_line(id, "one line of " + std::to_string(n));
        return id;
    }
    void add_line(AccessId id, const std::string& text) {
        write([&](store::Transaction& tx) {
            book.add_line(tx, {0, id, now, AccessLine::Kind::note, "sw1", text});
        });
    }
    /// Steps until there is nothing more to do now.
    void run() {
        for (int i = 0; i < 1000; ++i) {
            const auto wait = archive->step(now);
            ASSERT_TRUE(wait) << wait.error().text;
            if (*wait > Duration{0}) return;
        }
        ADD_FAILURE() << "there is always more to do";
    }
    [[nodiscard]] std::set<std::string> files() const {
        std::set<std::string> names;
        for (const auto& one : fs::directory_iterator(folder))
            names.insert(one.path().filename());
        return names;
    }
    [[nodiscard]] std::string content(const std::string& name) const {
        // zlib reads what is not packed as it is
        auto* const file = gzopen((folder / name).c_str(), "rb");
        EXPECT_NE(file, nullptr) << name;
        std::string text(1 << 20, '\0');
        const int size = gzread(file, text.data(), static_cast<unsigned>(text.size()));
        gzclose(file);
        EXPECT_GE(size, 0) << name;
        text.resize(static_cast<std::size_t>(std::max(size, 0)));
        return text;
    }
    [[nodiscard]] std::size_t rows() {
        std::size_t count = 0;
        EXPECT_TRUE(store.read([&](store::View& view) -> Result<void> {
            count = book.requests(view, {}).size();
            return {};
        }));
        return count;
    }

    // 2026-11-22 06:08:25
    Time now = from_micros(1'795'327'705'000'000);
    fs::path directory;
    fs::path folder;
    fakes::MemoryStore store;
    fakes::MemoryAccessBook book;
    fakes::MemoryLetterBook letters;
    std::optional<Archive> archive;
};

TEST_F(AccessArchive, HasTheRecordOfEveryRequestThatHasEnded) {
    add(1);
    add(2, AccessState::waiting);
    for (int n = 3; n < 60; ++n)
        add(n, AccessState::killed);
    run();
    EXPECT_EQ(files().size(), 58U);
    const auto text = content("A1_00-00-00-00-00-01_2026-11-22.txt");
    EXPECT_THAT(text, HasSubstr("A1  00:00:00:00:00:01  done"));
    EXPECT_THAT(text, HasSubstr("sw1: one line of 1\n"));
    EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
    EXPECT_EQ(fs::status(folder / "A1_00-00-00-00-00-01_2026-11-22.txt").permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(AccessArchive, WhatIsWrittenLaterIsTakenOver) {
    const auto id = add(1);
    run();
    fs::remove(folder / "A1_00-00-00-00-00-01_2026-11-22.txt");
    now += 1min;
    run();
    EXPECT_THAT(files(), IsEmpty()) << "nothing is written again that is as it was";
    add_line(id, "cleared at sw2");
    run();
    EXPECT_THAT(content("A1_00-00-00-00-00-01_2026-11-22.txt"), HasSubstr("cleared at sw2\n"));
}

TEST_F(AccessArchive, ACrashAtAnyPointLosesNothing) {
    add(1);
    fs::create_directories(folder);
    std::ofstream(folder / "A1_00-00-00-00-00-01_2026-11-22.txt.new") << "half a rec";
    std::ofstream(folder / "A1_00-00-00-00-00-01_2026-11-22.txt") << "an older record";
    std::ofstream(folder / "notes.new") << "somebody's own";
    // the file is written, and that it is was not
    store.refuse_writes(Error{ErrorCode::full, "no room", Retry::later});
    EXPECT_FALSE(archive->step(now));
    store.refuse_writes(std::nullopt);
    start();
    run();
    EXPECT_THAT(files(), ElementsAre("A1_00-00-00-00-00-01_2026-11-22.txt", "notes.new"));
    EXPECT_THAT(content("A1_00-00-00-00-00-01_2026-11-22.txt"), HasSubstr("one line of 1\n"));
}

TEST_F(AccessArchive, OldOnesArePackedAndThenForgotten) {
    add(1);
    run();
    const auto record = content("A1_00-00-00-00-00-01_2026-11-22.txt");
    std::ofstream(folder / "README.txt") << "somebody's own";
    now += 20 * day;
    add(2);
    run();
    EXPECT_THAT(files(), ElementsAre("A1_00-00-00-00-00-01_2026-11-22.txt",
                                     "A2_00-00-00-00-00-02_2026-12-12.txt", "README.txt"));
    now += 12 * day;
    run();
    EXPECT_THAT(files(), ElementsAre("A1_00-00-00-00-00-01_2026-11-22.txt.gz",
                                     "A2_00-00-00-00-00-02_2026-12-12.txt", "README.txt"));
    EXPECT_EQ(content("A1_00-00-00-00-00-01_2026-11-22.txt.gz"), record);
    // a crash between the packed one and the end of the text
    std::ofstream(folder / "A1_00-00-00-00-00-01_2026-11-22.txt") << record;
    now += 1h;
    run();
    EXPECT_EQ(files().count("A1_00-00-00-00-00-01_2026-11-22.txt"), 0U);
    EXPECT_EQ(content("A1_00-00-00-00-00-01_2026-11-22.txt.gz"), record);
    now += 70 * day;
    run();
    EXPECT_THAT(files(), ElementsAre("A2_00-00-00-00-00-02_2026-12-12.txt.gz", "README.txt"));
    EXPECT_EQ(rows(), 1U) << "the row of the first went too";
}

TEST_F(AccessArchive, NoRowIsForgottenThatIsNotWritten) {
    add(1);
    now += 200 * day;
    fs::create_directories(directory / "other");
    std::ofstream(folder) << "a file where the folder should be";
    EXPECT_FALSE(archive->step(now));
    EXPECT_EQ(rows(), 1U);
    fs::remove(folder);
    run();
    EXPECT_EQ(rows(), 0U);
}

TEST_F(AccessArchive, LettersThatAreOverAreForgottenAfterAMonth) {
    QueuedLetter letter;
    letter.to = "ana@example.org";
    letter.created_at = now;
    letter.state = QueuedLetter::State::sent;
    letter.about = "access A1";
    write([&](store::Transaction& tx) {
        letters.add(tx, letter);
        letter.state = QueuedLetter::State::waiting;
        letters.add(tx, letter);
    });
    now += 31 * day;
    run();
    EXPECT_TRUE(store.read([&](store::View& view) -> Result<void> {
        EXPECT_EQ(letters.about(view, "access A1", 9).size(), 1U);
        EXPECT_EQ(letters.waiting(view), 1U);
        return {};
    }));
}

TEST(RecordName, IsReadBackAndNothingElseIs) {
    const RecordName name{AccessId{17}, *MacAddress::parse("00:11:22:33:44:55"),
                          std::chrono::year{2026} / 11 / 3, RecordName::Form::packed};
    EXPECT_EQ(name.file(), "A17_00-11-22-33-44-55_2026-11-03.txt.gz");
    EXPECT_EQ(RecordName::parse(name.file()), name);
    for (const auto* other :
         {"", ".txt", "A17_00-11-22-33-44-55_2026-11-03", "A17_00-11-22-33-44-55_2026-11-03.txt.new",
          "17_00-11-22-33-44-55_2026-11-03.txt", "A17_0011.2233.4455_2026-11-03.txt",
          "A17_00-11-22-33-44-55_2026-02-30.txt", "A17_00-11-22-33-44-55_2026-11-3.txt",
          "A017_00-11-22-33-44-55_2026-11-03.txt", "A17_00-11-22-33-44_2026-11-03.txt", "A17_2026-11-03.txt",
          "../A17_00-11-22-33-44-55_2026-11-03.txt", "A17_00-11-22-33-44-55_2026-11--3.txt"})
        EXPECT_FALSE(RecordName::parse(other)) << other;
}

TEST(Packing, IsWhatGzipReads) {
    for (const std::size_t size : {0U, 1U, 100000U}) {
        std::string text(size, 'x');
        for (std::size_t i = 0; i < size; i += 7)
            text[i] = static_cast<char>('a' + i % 26);
        const auto packed = gzipped(text);
        ASSERT_TRUE(packed);
        EXPECT_EQ(packed->substr(0, 2), "\x1f\x8b");
        std::string back(size + 1, '\0');
        z_stream stream{};
        ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
        std::string input = *packed;
        stream.next_in = reinterpret_cast<Bytef*>(input.data());
        stream.avail_in = static_cast<uInt>(input.size());
        stream.next_out = reinterpret_cast<Bytef*>(back.data());
        stream.avail_out = static_cast<uInt>(back.size());
        EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
        back.resize(stream.total_out);
        inflateEnd(&stream);
        EXPECT_EQ(back, text);
    }
}

}  // namespace
}  // namespace garita::access_archive
