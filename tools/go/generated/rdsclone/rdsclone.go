// Package rdsclone stands for the generated SDK, whose go.mod this module has.
package rdsclone
