#pragma once
// The agent's copy of its rules of classes, in a file of its own beside the agent's store: a million of them
// must not make an alert wait.

#include <filesystem>
#include <memory>

#include "store/held_classes.hpp"

namespace garita::sqlite {

class SqliteHeldClasses final : public store::HeldClasses {
  public:
    /// Makes the file or brings it to this program's schema; its directory must exist.
    [[nodiscard]] static Result<std::unique_ptr<SqliteHeldClasses>> open(const std::filesystem::path& file);
    ~SqliteHeldClasses() override;

    [[nodiscard]] Result<void> keep(std::string_view rules, std::string_view shape) override;
    [[nodiscard]] Result<store::HeldPositions> positions(std::string_view rules) override;
    [[nodiscard]] Result<void> take(std::string_view rules, const store::HeldPage& page) override;
    [[nodiscard]] Result<std::vector<store::RefusedRule>> refusals(std::string_view rules,
                                                                   std::size_t limit) override;
    [[nodiscard]] Result<std::size_t> expire(Time now, std::size_t limit) override;
    [[nodiscard]] Result<std::optional<Time>> next_expiry() override;
    [[nodiscard]] Result<void> flush() override;
    [[nodiscard]] store::ClassBook& book() override;
    void on_progress(std::function<void()> heard) override;

  private:
    class File;
    class Book;
    explicit SqliteHeldClasses(std::unique_ptr<File> file);
    std::unique_ptr<File> file_;
    std::unique_ptr<Book> book_;
};

}  // namespace garita::sqlite
