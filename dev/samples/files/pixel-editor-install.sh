#!/bin/sh
# Pixel Editor, sample installer. It only shows that the file arrived whole.
set -eu
echo "Pixel Editor 2.4: nothing to install, this is a sample of Waybill."
