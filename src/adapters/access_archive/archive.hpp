#pragma once
// Writes the record of every request that has ended into a folder, packs old ones, and forgets files and rows
// once they are older than is kept. Woken by rings of access. Whatever it was interrupted at it does again:
// the store says which record is not in the folder as it is.

#include <memory>
#include <optional>

#include "access/working_hours.hpp"
#include "adapters/access_archive/archive_folder.hpp"
#include "model/worker.hpp"
#include "store/access_book.hpp"
#include "store/letter_book.hpp"

namespace garita::access_archive {

class Archive final : public Worker {
  public:
    struct Settings {
        std::filesystem::path folder;
        Duration keep = std::chrono::hours{24} * 400;
        Duration text_for = std::chrono::hours{24} * 30;  ///< then packed
        std::shared_ptr<const access::LocalClock> clock;  ///< of times in records; none: UTC
    };
    /// References outlive the archive.
    Archive(store::Store& store, store::AccessBook& book, store::LetterBook& letters, Settings settings)
        : store_(store),
          book_(book),
          letters_(letters),
          settings_(std::move(settings)),
          folder_(settings_.folder) {}

    [[nodiscard]] std::string_view name() const override { return "access archive"; }
    Result<Duration> step(Time now) override;

  private:
    struct Record {
        AccessRequest request;
        std::int64_t last_line = 0;
        std::string text;
    };
    /// True: there may be more.
    Result<bool> write_records();
    Result<std::vector<Record>> read_records();
    [[nodiscard]] Record record_of(store::View& view, AccessRequest request);
    Result<bool> tidy_folder(Time now);
    Result<bool> forget_rows(Time now);

    store::Store& store_;
    store::AccessBook& book_;
    store::LetterBook& letters_;
    const Settings settings_;
    const ArchiveFolder folder_;
    bool open_ = false;
    std::optional<Time> tidied_;
};

}  // namespace garita::access_archive
