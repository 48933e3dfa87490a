package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// BackupReactors writes a copy of the reactors' checkpoints in a folder to a new file (mode
// 0600), while others use them; read models are made again from the log instead. The copy
// is durable when it returns. It refuses to overwrite.
func BackupReactors(ctx context.Context, dir, path string) error {
	if err := backupReactors(ctx, filepath.Join(dir, reactorsFile), path); err != nil {
		return fmt.Errorf("back the reactors' checkpoints up: %w", err)
	}
	return nil
}

func backupReactors(ctx context.Context, from, to string) error {
	if _, err := os.Stat(from); err != nil {
		return err // opening would make one
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	source, err := openFile(ctx, from, 1)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = source.ExecContext(ctx, "VACUUM INTO ?", to)
	return errors.Join(err, source.Close(), f.Sync(), f.Close())
}
