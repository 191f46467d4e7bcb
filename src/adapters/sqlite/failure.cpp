#include "adapters/sqlite/failure.hpp"

#include <new>

namespace garita::sqlite {

Error current_error(const std::string& file) {
    try {
        throw;
    } catch (const Failure& failure) {
        return failure.error;
    } catch (const store::StoreFailure& failure) {
        return {ErrorCode::io, file + ": " + failure.what(), Retry::later};
    } catch (const std::bad_alloc&) {
        return {ErrorCode::full, file + ": out of memory", Retry::later};
    } catch (const std::exception& exception) {
        return {ErrorCode::invalid, file + ": internal error, please report it: " + exception.what(),
                Retry::no};
    } catch (...) {
        return {ErrorCode::invalid, file + ": internal error of an unknown kind, please report it",
                Retry::no};
    }
}

}  // namespace garita::sqlite
