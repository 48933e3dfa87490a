package sqlite

import (
	"context"
	"fmt"
	"path/filepath"

	"sleutelbos/internal/sqlitex"
)

// BackupReactors writes a copy of the reactors' checkpoints in a folder to a new file (mode
// 0600), while others use them. The read models are not copied, because they can be made again
// from the log. The copy is durable when BackupReactors returns. It refuses to overwrite a file.
func BackupReactors(ctx context.Context, dir, path string) error {
	if err := sqlitex.Copy(ctx, filepath.Join(dir, reactorsFile), path); err != nil {
		return fmt.Errorf("back the reactors' checkpoints up: %w", err)
	}
	return nil
}
